/** What decides how a page looks and stands in none of its elements: sheets that wait, fonts, motion. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { makeFont } from '../site/font.mjs';
import { BROWSERS } from './browsers.mjs';
import { Harness, query } from './harness.mjs';

/**
 * @param {string | Buffer} body
 * @param {string} type
 * @param {Record<string, string>} [headers]
 * @returns {(response: import('node:http').ServerResponse) => void}
 */
const send =
  (body, type, headers = {}) =>
  (response) => {
    response.writeHead(200, { 'content-type': type, ...headers });
    response.end(body);
  };

/** @type {Record<string, string | ((response: import('node:http').ServerResponse) => void)>} */
const ROUTES = {
  '/': '<!DOCTYPE html><title>t</title><body></body>',
  '/a.css': send('.a { color: red }', 'text/css'),
  '/states.css': send('@media all { x-lamp { &:state(lit) { top: 0 } } }', 'text/css'),
  '/refused.css': send('.a { color: red }', 'text/plain', { 'x-content-type-options': 'nosniff' }),
  '/alternates': `<!DOCTYPE html><title>t</title>
    <link rel="stylesheet" href="/a.css?day" title="day">
    <link rel="alternate stylesheet" href="/a.css?night" title="night">
    <link rel="alternate stylesheet" href="/a.css?dusk" title="dusk" id="dusk">
    <link rel="alternate stylesheet" href="{other}/a.css?other" title="night">
    <link rel="stylesheet" href="/refused.css" id="refused"><body></body>`,
  '/page.xhtml': send(
    `<?xml version="1.0"?><?xml-stylesheet href="/a.css?first" media="screen"?>
    <?xml-stylesheet href="/a.css?other" alternate="yes" title="other"?><?xml-stylesheet href="#own"?>
    <html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title><style id="own">p {}</style></head>
    <body><p>t</p></body></html>`,
    'application/xhtml+xml',
  ),
  '/drawing.xml': send(
    `<?xml version="1.0"?><?xml-stylesheet href="/a.css"?>
    <svg xmlns="http://www.w3.org/2000/svg"><rect class="a"/></svg>`,
    'application/xml',
  ),
  ...Object.fromEntries(
    ['Known', 'Added', 'Other', 'Bytes'].map((name) => [
      `/${name}.ttf`,
      send(makeFont(name), 'font/ttf'),
    ]),
  ),
};

for (const name of BROWSERS) {
  describe(`effects in ${name}`, { timeout: 120_000 }, () => {
    /** @type {Harness} */
    let harness;
    before(async () => {
      harness = await Harness.start(name, ROUTES);
    });
    after(() => harness?.stop());

    it('keeps alternative sheets alternative, but those that were switched on', async () => {
      const { items } = await harness.visit('/alternates', async () => {
        const dusk = /** @type {HTMLLinkElement} */ (document.getElementById('dusk'));
        dusk.disabled = true;
        dusk.disabled = false;
        await new Promise((resolve) => {
          setTimeout(resolve, 300);
        });
      });
      const links = await query(harness, items[0].data, 'link[href*="a.css"]');
      assert.deepEqual(
        links.map(({ attributes: { rel, title } }) => [rel, title]),
        [
          ['stylesheet', 'day'],
          ['alternate stylesheet', 'night'],
          ['stylesheet', undefined],
          ['alternate stylesheet', 'night'],
        ],
      );
    });

    it('leaves the rules of the page as they were when it has tried them', async () => {
      const page = await harness.open('/alternates');
      await harness.capture(page);
      const counts = await page.evaluate(() =>
        [...document.querySelectorAll('link[href^="/a.css"]')].map(
          (link) => /** @type {HTMLLinkElement} */ (link).sheet?.cssRules.length,
        ),
      );
      await page.close();
      assert.deepEqual(counts, [1, 1, 1]);
    });

    it('does not ask for a sheet that the browser refused', async () => {
      const { items } = await harness.visit('/alternates');
      assert.doesNotMatch(items[0].data, /refused\.css/);
    });

    it('writes the sheets that processing instructions name', async () => {
      const { items } = await harness.visit('/page.xhtml');
      const [first, ...others] = await query(harness, items[0].data, 'head > *');
      assert.match(first.attributes.href, /\/a\.css\?first$/);
      assert.equal(first.attributes.media, 'screen');
      assert.deepEqual(
        others.map((each) => each.name),
        ['title', 'style'],
      );
    });

    it('writes them in drawings too', async () => {
      const { items } = await harness.visit('/drawing.xml');
      const [style, ...others] = await query(harness, items[0].data, 'style');
      assert.equal(others.length, 0);
      assert.match(style.text, /\.a \{ color: red; \}/);
      assert.match(style.attributes['ls:base'], /\/a\.css$/);
    });

    it('shows what scripts animate as it is now', async () => {
      const { items } = await harness.visit('/', async () => {
        document.body.innerHTML =
          '<style>@keyframes k { to { top: 9px } } #ruled { animation: k 9s; transition: left 9s }</style>' +
          '<p id="ruled"></p><p id="still"></p><p id="filled" style="color: red"></p><p id="over"></p>' +
          '<form id="form"><input name="getAnimations"></form>';
        const byId = (/** @type {string} */ id) =>
          /** @type {HTMLElement} */ (document.getElementById(id));
        const root = byId('still').attachShadow({ mode: 'closed' });
        root.innerHTML = '<b></b>';
        const [inner] = root.children;
        inner.animate({ opacity: [0.5, 0.5] }, { duration: 1000, iterations: Infinity });
        const frames = { backgroundColor: ['red', 'lime'], '--x': ['1', '2'], offset: [0, 1] };
        const filled = byId('filled').animate(frames, { duration: 1, fill: 'forwards' });
        const over = byId('over').animate({ opacity: [0, 0] }, { duration: 1 });
        byId('form').animate({ marginLeft: ['3px', '3px'] }, { duration: 1e6 });
        await Promise.all([filled.finished, over.finished]);
      });
      const found = await query(harness, items[0].data, 'p, b, form');
      const styles = Object.fromEntries(
        found.map(({ attributes, name: tag }) => [
          attributes.id ?? tag,
          attributes.style?.split('; ').sort(),
        ]),
      );
      assert.deepEqual(styles, {
        ruled: undefined,
        still: undefined,
        b: ['', 'opacity: 0.5 !important'],
        filled: [
          '',
          '--x: 2 !important',
          'background-color: rgb(0, 255, 0) !important',
          'color: red',
        ],
        over: undefined,
        form: ['', 'margin-left: 3px !important'],
      });
    });

    it('finds the files of fonts that scripts added, where there is one answer', async () => {
      const { items } = await harness.visit('/', async () => {
        const style = document.createElement('style');
        style.textContent = '@font-face { font-family: Known; src: url("/Known.ttf") }';
        document.head.append(style);
        const bytes = await (await fetch('/Bytes.ttf')).arrayBuffer();
        const faces = [
          new FontFace('Added', 'url("/Added.ttf")', { weight: '700' }),
          new FontFace("It's; other", 'url("/Other.ttf?1")'),
          new FontFace('Bytes', bytes),
        ];
        for (const face of faces) {
          document.fonts.add(face);
          await face.load();
        }
        await document.fonts.load('10px Known');
      });
      const texts = await query(harness, items[0].data, 'style');
      const rules = texts.flatMap(({ text }) => text.split('\n')).map((text) => text.trim());
      const { origin } = harness.pages;
      assert.equal(rules.length, 4, rules.join('\n'));
      assert.ok(rules[0].includes('url("/Known.ttf")'));
      for (const [family, file] of [
        ['Added', 'Added.ttf'],
        ['Bytes', 'Bytes.ttf'],
        ["It\\'s\\;\\ other", 'Other.ttf?1'],
      ]) {
        const rule = rules.find((text) => text.includes(`font-family: ${family};`)) ?? '';
        assert.ok(rule.includes(`url("${origin}/${file}")`), rules.join('\n'));
        assert.equal(rule.includes('font-weight: 700'), family === 'Added');
      }
    });

    it('says the custom states that linked sheets ask for', async () => {
      const { items } = await harness.visit('/', async () => {
        class Lamp extends HTMLElement {
          internals = this.attachInternals();
        }
        customElements.define('x-lamp', Lamp);
        document.body.innerHTML = '<x-lamp></x-lamp><x-lamp></x-lamp>';
        /** @type {Lamp} */ (document.body.firstElementChild).internals.states.add('lit');
        const link = document.createElement('link');
        link.rel = 'stylesheet';
        link.href = '/states.css';
        await new Promise((resolve) => {
          link.onload = resolve;
          document.head.append(link);
        });
      });
      const lamps = await query(harness, items[0].data, 'x-lamp');
      assert.deepEqual(
        lamps.map(({ attributes }) => attributes['ls-is']),
        ['state-lit', undefined],
      );
    });
  });
}
