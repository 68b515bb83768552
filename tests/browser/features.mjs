/**
 * The feature sites (tests/site/features/), captured as a person does it: a real browser, the toolbar
 * button, the popup, the host. The snapshot, exported as one file, is opened in the same browser when
 * the site is gone, and what is seen there has to be what was seen on the page.
 *
 * @typedef {object} Fact
 * @property {string} it - the test's name
 * @property {() => unknown} [see] - runs in the page before it is captured, and in the snapshot: both
 *   have to see the same
 * @property {unknown} [is] - and this
 * @property {false} [live] - only the snapshot is asked
 * @property {string[]} [in] - in the frame at these selectors
 * @property {string} [green] - selector: the middle of each such element, in a picture of the page, is
 *   green. They need an id, and are as large as they were
 * @property {string} [color] - not green but this one of COLORS
 * @property {Record<string, string>} [lacks] - why a browser cannot show it, by its name
 * @property {[can: () => unknown, reason: string]} [needs] - what has to be true in the page before
 *
 * @typedef {object} Feature
 * @property {string} site - the folder
 * @property {string} [page] - in it
 * @property {string} [title] - where a site has several pages
 * @property {() => unknown} [ready] - brings the page into its state
 * @property {() => unknown} [after] - runs in the page when it was captured; true: all is well
 * @property {boolean} [link] - the host fetches it, no browser reads it
 * @property {string[]} [missing] - ends of the URLs that cannot be kept, reported with the snapshot
 * @property {number | string} [looks] - the share of its drawn pixels that may differ (0.005); or why
 *   page and snapshot may look different
 * @property {Record<string, unknown>} [settings] - of the extension
 * @property {Fact[]} facts
 */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { BROWSERS } from './browsers.mjs';
import { boxesOf, settled, untilReady } from './features-inpage.mjs';
import { Session } from './features-session.mjs';
import { ROOT } from './profile.mjs';

export { untilReady };

/** Pictures of what does not look the same are left here. */
const FOLDER = path.join(ROOT, 'build/features');

/** `FEATURES=slots,shadow` leaves the others out. */
const ONLY = new RegExp(`^(?:${(process.env.FEATURES ?? '.*').replaceAll(',', '|')})$`);

/** @typedef {import('./browsers.mjs').BrowserPage} BrowserPage */
/** @typedef {import('./picture.mjs').Picture} Picture */

/**
 * One site's way from its page to what is tested.
 *
 * @typedef {object} Visit
 * @property {string} [fault] - it was not captured, and why
 * @property {Map<Fact, { value?: unknown, fault?: string, cannot?: boolean }>} live
 * @property {Picture} [before] - the page
 * @property {any} [snapshot] - the host's word on it
 * @property {string} [file]
 * @property {unknown} [after]
 */

/**
 * Registers the tests of some sites in every browser.
 *
 * @param {string} subject
 * @param {Feature[]} all
 * @param {{ allSites?: boolean }} [options] - the extension may read frames of other sites
 */
export function features(subject, all, options = {}) {
  const list = all.filter((each) => ONLY.test(each.title ?? each.site));
  for (const name of BROWSERS) {
    describe(`${subject} in ${name}`, { timeout: 240_000 }, () => {
      /** @type {Session} */
      let session;
      /** @type {Map<Feature, Visit>} */
      const visits = new Map();
      before(async () => {
        session = await Session.start(name, options);
        for (const feature of list) {
          visits.set(feature, await capture(session, feature));
        }
        await session.sites.close();
      });
      after(() => session?.stop());
      for (const feature of list) {
        describe(feature.title ?? feature.site, () =>
          judge(feature, name, () => ({ session, visit: visits.get(feature) })),
        );
      }
    });
  }
}

/**
 * @param {Session} session
 * @param {Feature} feature
 * @returns {Promise<Visit>}
 */
async function capture(session, feature) {
  /** @type {Visit} */
  const visit = { live: new Map() };
  const url = `${session.sites.origin}/${feature.site}/${feature.page ?? ''}`;
  try {
    if (feature.link) {
      visit.snapshot = await session.saveLink(url);
    } else {
      const page = await session.browser.open(url);
      await page.evaluate(feature.ready ?? (() => {}));
      await page.evaluate(settled);
      visit.before = await session.picture(page);
      for (const fact of feature.facts.filter(({ live }) => live !== false)) {
        visit.live.set(fact, await look(page, fact, visit.before));
      }
      visit.snapshot = await session.saveTab(page, url, { settings: feature.settings });
      visit.after = feature.after ? await page.evaluate(feature.after) : true;
      await page.close();
    }
    visit.file = await session.export(visit.snapshot.snapshot);
  } catch (error) {
    visit.fault = error instanceof Error ? String(error.stack) : String(error);
  }
  return visit;
}

/**
 * @param {BrowserPage} page
 * @param {Fact} fact
 * @param {Picture} picture - of the page
 */
async function look(page, fact, picture) {
  try {
    if (fact.needs && !(await page.evaluate(fact.needs[0]))) {
      return { cannot: true };
    }
    if (fact.green) {
      const boxes = await page.evaluate(boxesOf, fact.green);
      return {
        value: Object.fromEntries(
          boxes.map(({ id, x, y, size }) => [id, `${picture.colorAt(x, y)} ${size}`]),
        ),
      };
    }
    const see = /** @type {() => unknown} */ (fact.see);
    return { value: await page.evaluateInFrame(fact.in ?? [], see) };
  } catch (error) {
    return { fault: String(error) };
  }
}

/**
 * The tests of one site.
 *
 * @param {Feature} feature
 * @param {string} browser
 * @param {() => { session: Session, visit: Visit | undefined }} state
 */
function judge(feature, browser, state) {
  /** @type {Visit} */
  let visit;
  /** @type {BrowserPage | undefined} */
  let page;
  /** @type {Picture} */
  let shown;
  /** @type {string[]} */
  let requests;
  before(async () => {
    const { session } = state();
    visit = state().visit ?? { fault: 'it was not visited', live: new Map() };
    if (visit.file) {
      await session.browser.takeRequests();
      page = await session.browser.open(`file://${visit.file}`);
      await page.evaluate(settled);
      shown = await session.picture(page);
      requests = await session.browser.takeRequests();
    }
  });
  after(() => page?.close());

  it('is captured, and what is missing is said', () => {
    assert.equal(visit.fault, undefined);
    const { failures = [] } = visit.snapshot;
    const urls = failures.map((/** @type {any} */ each) => each.url).sort();
    const wanted = [...(feature.missing ?? [])].sort();
    const fits = urls.length === wanted.length && wanted.every((end, i) => urls[i].endsWith(end));
    assert.ok(fits, `${JSON.stringify(failures)} for ${wanted}`);
    assert.equal(visit.after ?? true, true);
  });

  for (const fact of feature.facts) {
    it(fact.it, async (t) => {
      const before = visit.live.get(fact) ?? {};
      if (fact.lacks?.[browser] ?? (before.cannot && fact.needs?.[1])) {
        t.skip(fact.lacks?.[browser] ?? fact.needs?.[1]);
        return;
      }
      assert.ok(page, 'there is no snapshot');
      const now = await look(page, { ...fact, needs: undefined }, shown);
      assert.equal(before.fault, undefined, 'on the page');
      assert.equal(now.fault, undefined, 'in the snapshot');
      compare(fact, before.value, now.value);
    });
  }

  it('asks for nothing, and looks as the page did', async () => {
    assert.ok(page, 'there is no snapshot');
    assert.deepEqual(requests, []);
    if (visit.before && typeof feature.looks !== 'string') {
      const difference = visit.before.differenceTo(shown);
      if (difference > (feature.looks ?? 0.005)) {
        await keepPictures(`${browser}-${feature.title ?? feature.site}`, visit.before, shown);
        assert.fail(`${(100 * difference).toFixed(1)} % differ, see ${FOLDER}`);
      }
    }
  });
}

/**
 * @param {Fact} fact
 * @param {any} before
 * @param {any} now
 */
function compare(fact, before, now) {
  const color = `${fact.color ?? 'green'} `;
  if (fact.green && fact.live === false) {
    assert.ok(Object.keys(now).length > 0, 'there is such an element');
    assert.deepEqual(
      Object.entries(now).filter(([, seen]) => !seen.startsWith(color)),
      [],
    );
    return;
  }
  if (fact.green) {
    const ids = Object.keys(before);
    assert.ok(ids.length > 0, 'there is such an element');
    assert.deepEqual(
      ids.filter((id) => !before[id].startsWith(color)),
      [],
      'on the page',
    );
  }
  if (fact.is !== undefined) {
    if (fact.live !== false) {
      assert.deepEqual(before, fact.is, 'on the page');
    }
    assert.deepEqual(now, fact.is);
  } else {
    assert.ok(before !== null && before !== undefined, 'there is something to see');
    assert.deepEqual(now, before);
  }
}

/**
 * @param {string} name
 * @param {Picture} before
 * @param {Picture} now
 */
async function keepPictures(name, before, now) {
  const file = path.join(FOLDER, name.replaceAll(/[^\w-]+/g, '-'));
  await fs.mkdir(FOLDER, { recursive: true });
  await fs.writeFile(`${file}-page.png`, before.png);
  await fs.writeFile(`${file}-snapshot.png`, now.png);
}
