/**
 * Takes difficult states of a DOM through the whole product: a real page, the walker, the host, the
 * snapshot as it is handed out, and the browser that reads it again. Says of each stage whether the
 * tree is the one that the page had, and of the last whether it looks the same.
 *
 * @typedef {'same' | 'nearly' | 'different'} Verdict - nearly: another tree that looks the same
 * @typedef {object} Row
 * @property {string} subject
 * @property {string} state
 * @property {Verdict} walker - the XML that the page walker wrote
 * @property {Verdict} host - the snapshot as it is written
 * @property {Verdict} reparse - what a browser builds from it
 * @property {string} tree - the first difference of the first stage that has one
 * @property {string} look - the first difference to the eye
 * @property {string} moved - where the browser's tree is not the one that is written
 */
import { Port, scratch } from '../host/port.mjs';
import { Harness } from './harness.mjs';
import { SUBJECTS } from './states-all.mjs';
import { lookDifference, safe, treeDifference } from './states-compare.mjs';
import { installKit } from './states-kit.mjs';
import { installView } from './states-view.mjs';
import { writtenTokens } from './states-written.mjs';

export const STAGES = /** @type {const} */ (['walker', 'host', 'reparse']);

/** Pages have rules for the names of their elements: one that gets another name is to be seen. */
const SHEET = `
  body { margin: 8px; font: 16px/1.25 sans-serif }
  #box { position: relative; width: 640px }
  p { color: #046; margin: 6px 0 } a { color: #a10; border-bottom: 1px solid } li { color: #063 }
  dt { font-weight: bold } dd { color: #630 } td, th { padding: 3px; border: 1px solid #888 }
  tr { background: #eee } .striped tr:nth-child(even) { background: #ccc }
  table { border-spacing: 4px } caption { color: #077 } h1, h2, h3 { color: #408; margin: 4px 0 }
  button { color: #05a } form { background: #efe } label { color: #555 } option { color: #353 }`;

const PAGE = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>states</title>
  <style>${SHEET}</style></head><body></body></html>`;

const PART = 200_000;

const PER_PAGE = 20;

/** @param {string} text @returns {string[]} pieces of a frame's size, no character cut */
function cut(text) {
  const parts = [];
  for (let at = 0; at < text.length || at === 0;) {
    let end = Math.min(at + PART, text.length);
    if (/[\uD800-\uDBFF]/.test(text[end - 1] ?? '')) {
      end--;
    }
    parts.push(text.slice(at, end));
    at = Math.max(end, 1);
  }
  return parts;
}

/**
 * @param {Port} port
 * @param {import('./harness.mjs').Capture} capture
 * @returns {Promise<string>} the snapshot as a file
 */
async function store(port, { begin, items }) {
  const { capture } = await port.request('capture.begin', { url: begin.url, again: true });
  for (const { number, kind, url, base, doctype, media_type, data } of items) {
    for (const [seq, part] of cut(data).entries()) {
      const first = kind === 'document' ? { kind, url, base, doctype } : { kind, url, media_type };
      const rest = { data: part, last: seq === cut(data).length - 1 };
      await port.request('capture.add', {
        ...{ capture, item: number, seq },
        ...(seq === 0 ? first : {}),
        ...rest,
      });
    }
  }
  const { snapshot } = await port.request('capture.commit', { capture });
  let html = '';
  for (let offset = 0; offset !== null;) {
    const { data, next } = await port.request('snapshots.read', { snapshot, offset });
    html += data;
    offset = next;
  }
  return html;
}

/** Stands in the page. @param {(box: any, make: any) => void} build */
function buildState(build) {
  return /** @type {() => any} */ (
    new Function(`const { make, tokens } = states;
      document.querySelector('iframe')?.remove();
      const box = document.createElement('section');
      box.id = 'box';
      document.body.replaceChildren(box);
      (${build})(box, make);
      return { tokens: tokens(box, 'live'), look: statesView(box) };`)
  );
}

export class StatesRun {
  /** @type {import('./browsers.mjs').BrowserPage | null} */
  #page = null;
  #taken = 0;

  /**
   * @param {Harness} harness
   * @param {Port} port
   * @param {() => void} remove
   */
  constructor(harness, port, remove) {
    this.harness = harness;
    this.port = port;
    this.remove = remove;
  }

  /** @param {string} browserName */
  static async start(browserName) {
    const harness = await Harness.start(browserName, { '/': PAGE });
    const { folder, remove } = scratch();
    const port = new Port(folder);
    await port.hello();
    return new StatesRun(harness, port, remove);
  }

  /** A page, another one from time to time: one that has seen many states grows slow. */
  async #open() {
    if (this.#taken++ % PER_PAGE === 0) {
      await this.#page?.close();
      this.#page = await this.harness.open('/');
      await this.#page.evaluate(installKit);
      await this.#page.evaluate(installView);
    }
    return /** @type {import('./browsers.mjs').BrowserPage} */ (this.#page);
  }

  /**
   * @param {string} subject
   * @param {string} state
   * @param {(box: any, make: any) => void} build
   * @returns {Promise<Row>}
   */
  async take(subject, state, build) {
    const page = await this.#open();
    const live = await page.evaluate(buildState(build));
    const capture = await this.harness.capture(page);
    const html = await store(this.port, capture);
    const again = await page.evaluate(
      async (xml, text) => {
        const { wireTokens, tokens, show } = Reflect.get(window, 'states');
        const wire = wireTokens(xml);
        const frame = await show(text);
        const box = frame.contentDocument.getElementById('box');
        const look = Reflect.get(window, 'statesView')(box);
        return { wire, tokens: tokens(box, 'parsed'), look };
      },
      capture.items[0].data,
      html,
    );
    const expected = safe(live.tokens);
    const written = safe(writtenTokens(html));
    const parsed = safe(again.tokens);
    // A browser shows no mode of a root that it made: that of the text stands for it.
    const open = (/** @type {string[]} */ list) =>
      list.map((each) => each.replace('#shadow closed', '#shadow open'));
    const differences = {
      walker: treeDifference(expected, safe(again.wire)),
      host: treeDifference(expected, written),
      reparse: treeDifference(open(expected), parsed),
    };
    const look = lookDifference(live.look, again.look);
    /** @type {(tree: string) => Verdict} */
    const judge = (tree) => (tree === '' ? 'same' : look === '' ? 'nearly' : 'different');
    return {
      subject,
      state,
      walker: judge(differences.walker),
      host: judge(differences.host),
      reparse: look === '' ? judge(differences.reparse) : 'different',
      tree: differences.walker || differences.host || differences.reparse,
      look,
      moved: treeDifference(open(written), parsed),
    };
  }

  async stop() {
    await this.port.close();
    this.remove();
    await this.harness.stop();
  }
}

/**
 * @param {string} browserName
 * @param {(row: Row) => void} [onRow]
 * @returns {Promise<Row[]>} of all states
 */
export async function takeStates(browserName, onRow = () => {}) {
  const run = await StatesRun.start(browserName);
  const rows = [];
  try {
    for (const [subject, states] of Object.entries(SUBJECTS)) {
      for (const [state, build] of Object.entries(states)) {
        const row = await run.take(subject, state, build);
        rows.push(row);
        onRow(row);
      }
    }
  } finally {
    await run.stop();
  }
  return rows;
}
