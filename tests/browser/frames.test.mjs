/** Documents in frames, joined with the elements that show them; and pages that cannot be captured. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BROWSERS } from './browsers.mjs';
import { Harness, query } from './harness.mjs';

const CHILD = '<!DOCTYPE html><p>child</p>';
const NESTED = (/** @type {string} */ origin) =>
  `<!DOCTYPE html><p>nested</p><iframe src="${origin}/child"></iframe>`;

/** @type {Record<string, string | ((response: import('node:http').ServerResponse) => void)>} */
const ROUTES = {
  '/': '<!DOCTYPE html><title>t</title><body></body>',
  '/child': CHILD,
  '/nested': NESTED('{other}'),
  '/kinds': `<!DOCTYPE html><body>
    <iframe id="same" src="/child"></iframe>
    <iframe id="cross" src="{other}/child"></iframe>
    <iframe id="nested" src="{other}/nested"></iframe>
    <iframe id="srcdoc" srcdoc="&lt;p>in srcdoc"></iframe>
    <iframe id="blank"></iframe>
    <iframe id="written"></iframe>
    <object id="object" data="/child" type="text/html">fallback</object>
    <div id="host"></div>
    <script>
      const add = (root, id, src) => {
        const frame = document.createElement('iframe');
        frame.id = id;
        frame.src = src;
        root.append(frame);
      };
      add(host.attachShadow({ mode: 'closed' }), 'shadow', '{other}/child');
      add(document.body, 'blob', URL.createObjectURL(
        new Blob(['<p>in a blob'], { type: 'text/html' })));
      blank.contentDocument.body.append('in about:blank');
      written.contentDocument.write('<p>written');
      written.contentDocument.close();
    </script>`,
  '/sandboxed': `<!DOCTYPE html><iframe id="sandboxed" sandbox src="/child"></iframe>
    <iframe id="scripts" sandbox="allow-scripts" src="{other}/nested"></iframe>`,
  '/tampering': `<!DOCTYPE html><body><iframe id="child" src="{other}/forging"></iframe>
    <iframe id="other" src="{other}/child"></iframe>
    <script>
      window.parent = window.postMessage = window.frames = window.length = null;
      Document.prototype.querySelectorAll = () => [];
      Node.prototype.appendChild = Array.prototype.push = Map.prototype.get = null;
      for (const name of ['firstChild', 'nextSibling', 'childNodes', 'localName'])
        Object.defineProperty(document.documentElement, name, { value: null });
      Object.defineProperty(Node.prototype, 'nextSibling', { get: () => null });
      Object.defineProperty(Element.prototype, 'localName', { get: () => 'forged' });
      window.linksnap = { walk: () => { throw 1; } };
      addEventListener('message', () => { throw 2; });
    </script><p id="linksnap">after</p><img name="body"><img name="documentElement">`,
  '/forging': `<!DOCTYPE html><p>forging</p><script>
      addEventListener('message', ({ data }) => {
        for (let i = 0; i < parent.length; i++) parent[i].postMessage(data, '*');
        parent.postMessage(data, '*');
      });
      setInterval(() => parent[1].postMessage({ linksnap: 'x'.repeat(32) }, '*'), 1);
    </script>`,
  '/lazy': `<!DOCTYPE html><div style="height: 30000px"></div>
    <iframe id="lazy" loading="lazy" src="/child"></iframe>`,
  '/endless': (response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.write('<!DOCTYPE html><p>never ends');
  },
  '/waiting': `<!DOCTYPE html><p>waiting</p><iframe src="/child"></iframe><script>
      addEventListener('load', () => setTimeout(() => {
        const frame = document.createElement('iframe');
        frame.src = '/endless';
        document.body.append(frame);
      }))</script>`,
  '/documents': `<!DOCTYPE html><body>
    <embed id="embed" type="text/html" src="/child">
    <object id="svg" type="image/svg+xml" data="/picture.svg"></object>
    <embed id="embedsvg" type="image/svg+xml" src="/picture.svg">
    <iframe id="framesvg" src="/picture.svg"></iframe>
    <iframe id="xhtml" src="/xhtml"></iframe>
    <embed id="cross" type="text/html" src="{other}/child">
    <embed id="picture" type="image/png" src="/missing.png">`,
  '/xhtml': (response) => {
    response.writeHead(200, { 'content-type': 'application/xhtml+xml' });
    response.end(`<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"
      "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
      <html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title><style><![CDATA[p > b { color: red }]]></style>
      </head><body><p>in XHTML &lt; <![CDATA[<b>]]></p></body></html>`);
  },
  '/csp': (response) => {
    response.writeHead(200, {
      'content-type': 'text/html',
      'content-security-policy':
        "default-src 'none'; script-src 'unsafe-inline'; img-src blob:; sandbox allow-scripts",
    });
    response.end('<!DOCTYPE html><p>strict</p>');
  },
  '/pdf': (response) => {
    response.writeHead(200, { 'content-type': 'application/pdf' });
    response.end('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF');
  },
};

for (const name of BROWSERS) {
  describe(`frames in ${name}`, { timeout: 180_000 }, () => {
    /** @type {Harness} */
    let harness;
    before(async () => {
      harness = await Harness.start(name, ROUTES);
    });
    after(() => harness?.stop());

    /**
     * The text of the document that each frame element shows, by its id.
     *
     * @param {import('./harness.mjs').Item[]} items
     * @param {number} [item]
     */
    async function framesOf(items, item = 0) {
      const found = await query(harness, items[item].data, 'iframe, object, frame, embed');
      /** @type {Record<string, string | null>} */
      const texts = {};
      for (const { attributes } of found) {
        const number = attributes['ls:frame'];
        const inner = items.find((each) => String(each.number) === number);
        texts[attributes.id ?? 'frame'] = inner
          ? (await query(harness, inner.data, ':root'))[0].text.trim()
          : null;
      }
      return texts;
    }

    it('joins every kind of frame with its element', async () => {
      const { items } = await harness.visit('/kinds');
      assert.deepEqual(await framesOf(items), {
        same: 'child',
        cross: 'child',
        nested: 'nested',
        srcdoc: 'in srcdoc',
        blank: 'in about:blank',
        written: 'written',
        object: 'child',
        shadow: 'child',
        blob: 'in a blob',
      });
      const nested = items.findIndex(({ data }) => data.includes('nested</p>'));
      assert.deepEqual(await framesOf(items, nested), { frame: 'child' });
      assert.equal(items.length, 11);
    });

    it('joins objects and embeds with the documents in them, SVG and XHTML too', async () => {
      const page = await harness.open('/documents');
      await page.waitFor(() => window.length >= 6);
      const { items, ms } = await harness.capture(page);
      const texts = await framesOf(items);
      assert.deepEqual(
        [texts.embed, texts.cross, texts.xhtml?.replace(/\s+/g, ' ')],
        ['child', 'child', 'xp > b { color: red } in XHTML < <b>'],
      );
      const found = await query(harness, items[0].data, 'object, embed, iframe');
      for (const id of ['svg', 'embedsvg', 'framesvg']) {
        const number = found.find(({ attributes }) => attributes.id === id)?.attributes['ls:frame'];
        const item = items.find((each) => String(each.number) === number);
        assert.match(String(item?.data), /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/, id);
      }
      console.log(`${name}: documents of six kinds: ${Math.round(ms)} ms`);
      await page.close();
    });

    it('captures a page that is XHTML, and one that is SVG', async () => {
      const { items } = await harness.visit('/xhtml');
      assert.match(items[0].doctype, /XHTML 1\.0 Strict/);
      const [style] = await query(harness, items[0].data, 'style');
      assert.equal(style.text, 'p > b { color: red }');
      const svg = await harness.visit('/picture.svg');
      assert.match(svg.items[0].data, /^<svg /);
    });

    it('leaves the text of srcdoc out where the frame is captured', async () => {
      const { items } = await harness.visit('/kinds');
      assert.doesNotMatch(items[0].data, /srcdoc=/);
    });

    it('reads sandboxed frames, those without scripts too', async () => {
      const { items } = await harness.visit('/sandboxed');
      assert.deepEqual(await framesOf(items), { sandboxed: 'child', scripts: 'nested' });
      assert.equal(items.length, 4);
    });

    it('goes on where a page tampers with its objects or forges messages', async () => {
      const { items } = await harness.visit('/tampering');
      assert.deepEqual(await framesOf(items), { child: 'forging', other: 'child' });
      const [last] = await query(harness, items[0].data, '#linksnap');
      assert.deepEqual([last.name, last.text], ['p', 'after']);
    });

    it('leaves out documents that are too deep inside each other', async () => {
      const page = await harness.open('/');
      await page.evaluate(() => {
        // The same address may not be nested: each frame is written by its parent.
        let { document: inner } = window;
        for (let i = 0; i < 9; i++) {
          const frame = inner.createElement('iframe');
          inner.body.append(`level ${i}`, frame);
          inner = /** @type {Document} */ (frame.contentDocument);
        }
      });
      const { items } = await harness.capture(page);
      assert.equal(items.length, 8);
      assert.ok(items.every(({ data }, i) => data.includes(`level ${i}`)));
      await page.close();
    });

    it('leaves a frame that is not loaded yet to the host', async () => {
      const { items } = await harness.visit('/lazy');
      assert.equal(items.length, 1);
      assert.deepEqual(await framesOf(items), { lazy: null });
    });

    it('does not wait for a frame that never ends loading', async () => {
      const page = await harness.open('/waiting');
      await page.waitFor(() => document.querySelectorAll('iframe').length === 2);
      const { items, ms } = await harness.capture(page);
      assert.ok(ms < 4000, `${ms} ms`);
      const texts = items.map(({ data }) => data);
      assert.match(texts[0], /waiting/);
      assert.match(texts[1], /child/);
      await page.close();
    });

    it('captures a page whose policy forbids nearly everything', async () => {
      const { items } = await harness.visit('/csp');
      assert.match(items[0].data, /<p>strict<\/p>/);
    });

    it('says that a tab is gone, or may not be read', async () => {
      const unknown = await harness.bridge.evaluate(() =>
        Reflect.get(globalThis, 'bridge').captureId(123_456),
      );
      assert.match(String(unknown.error), /^tab_gone/);
      const itself = await harness.bridge.evaluate(
        (url) => Reflect.get(globalThis, 'bridge').capture(url),
        harness.bridge.url(),
      );
      assert.match(String(itself.error), /^tab_forbidden/);
      assert.deepEqual(itself.methods, []);
    });

    it('says so when the tab shows a PDF file', async () => {
      const page = await harness.browser.open(`${harness.pages.origin}/pdf`).catch(() => null);
      const { error } = await harness.bridge.evaluate(
        (url) => Reflect.get(globalThis, 'bridge').capture(url),
        `${harness.pages.origin}/pdf`,
      );
      assert.match(String(error), /^(type|tab_forbidden|tab_gone)/);
      await page?.close();
    });
  });
}
