/** Style sheets that a page loads and scripts change, and what only scripts make of elements. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BROWSERS } from './browsers.mjs';
import { Harness, query } from './harness.mjs';

/**
 * @param {string} text
 * @param {string} [type]
 * @returns {(response: import('node:http').ServerResponse) => void}
 */
const css =
  (text, type = 'text/css') =>
  (response) => {
    response.writeHead(200, { 'content-type': type, 'cache-control': 'max-age=60' });
    response.end(text);
  };

const HUGE = '.r { color: red; background: url(r.png) }\n'.repeat(700_000);

/** @type {Record<string, string | ((response: import('node:http').ServerResponse) => void)>} */
const ROUTES = {
  '/': '<!DOCTYPE html><title>t</title><body></body>',
  '/css/plain.css': css('.plain { color: red; -x-unknown: 1 } /* as written */'),
  '/css/grown.css': css('.a { color: red } .b { color: blue }'),
  '/css/headed.css': css('.a { color: red } .b { color: blue }'),
  '/css/changed.css': css('.a { color: red } .b { background: url(b.svg) }'),
  '/css/outer.css': css(
    '@import "inner.css"; @import "layer.css" layer(base) print; .o { top: 1px }',
  ),
  '/css/inner.css': css('.i { left: 1px }'),
  '/css/layer.css': css('.l { left: 1px }'),
  '/css/huge.css': css(HUGE),
  '/linked': `<!DOCTYPE html><title>t</title>${['plain', 'grown', 'headed', 'changed', 'outer']
    .map((name) => `<link rel="stylesheet" id="${name}" href="/css/${name}.css">`)
    .join('')}<link rel="stylesheet" id="other" href="{other}/css/plain.css"><p>t`,
  '/huge': `<!DOCTYPE html><title>t</title><link rel="stylesheet" href="/css/huge.css"><p>t`,
};

for (const name of BROWSERS) {
  describe(`style sheets in ${name}`, { timeout: 120_000 }, () => {
    /** @type {Harness} */
    let harness;
    before(async () => {
      harness = await Harness.start(name, ROUTES);
    });
    after(() => harness?.stop());

    it('keeps a link whose rules are those of its source', async () => {
      const { items, ms } = await harness.visit('/linked');
      assert.equal((await query(harness, items[0].data, 'link')).length, 6);
      assert.deepEqual(await query(harness, items[0].data, 'style'), []);
      console.log(`${name}: six sheets compared: ${Math.round(ms)} ms`);
    });

    it('writes out the rules of a linked sheet that a script changed, and nothing more', async () => {
      const { items } = await harness.visit('/linked', () => {
        /** @param {string} id @returns {any} */
        const sheet = (id) => /** @type {any} */ (document.getElementById(id)).sheet;
        sheet('grown').insertRule('.new { color: lime }', 2);
        sheet('headed').insertRule('.first { color: lime }', 0);
        sheet('changed').cssRules[0].style.color = 'lime';
        sheet('changed').media.mediaText = 'screen';
        sheet('outer').cssRules[1].styleSheet.deleteRule(0);
      });
      const { origin } = harness.pages;
      const sheets = (await query(harness, items[0].data, 'head > link, head > style')).map(
        ({ name: tag, attributes, text }) => [
          tag === 'link' ? attributes.id : text.replaceAll(/\s+/g, ' '),
          attributes['ls:base']?.replace(origin, ''),
          attributes.media,
        ],
      );
      assert.deepEqual(sheets, [
        ['plain', undefined, undefined],
        ['grown', undefined, undefined],
        ['.new { color: lime; }', '/css/grown.css', undefined],
        ['.first { color: lime; }', '/css/headed.css', undefined],
        ['headed', undefined, undefined],
        ['.a { color: lime; } .b { background: url("b.svg"); }', '/css/changed.css', 'screen'],
        ['@import url("inner.css");', '/css/outer.css', undefined],
        ['@layer base { }', '/css/layer.css', 'print'],
        ['.o { top: 1px; }', '/css/outer.css', undefined],
        ['other', undefined, undefined],
      ]);
    });

    it('does the same in shadow roots, and for sources that are given up', async () => {
      const page = await harness.open('/');
      await page.evaluate(async () => {
        const host = document.createElement('div');
        const root = host.attachShadow({ mode: 'open' });
        const blob = URL.createObjectURL(new Blob(['.gone { top: 1px }'], { type: 'text/css' }));
        document.body.append(host);
        for (const href of ['/css/grown.css', blob]) {
          const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href });
          await new Promise((resolve) => {
            link.onload = resolve;
            root.append(link);
          });
        }
        URL.revokeObjectURL(blob);
        root.styleSheets[0].insertRule('.new { color: lime }');
      });
      const { items } = await harness.capture(page);
      const texts = (await query(harness, items[0].data, 'template style')).map(({ text }) =>
        text.replaceAll(/\s+/g, ' '),
      );
      assert.deepEqual(texts, ['.new { color: lime; }', '.gone { top: 1px; }']);
      await page.close();
    });

    it('does not take seconds over a sheet of 30 MB', async () => {
      const page = await harness.open('/huge');
      await page.evaluate(() => document.styleSheets[0].insertRule('.new { color: lime }'));
      const { items, ms } = await harness.capture(page);
      assert.match(items[0].data, /<link [^>]*huge\.css/);
      console.log(`${name}: a sheet of ${HUGE.length >> 20} MiB: ${Math.round(ms)} ms`);
      // Machines are of all speeds; a walk that hangs takes longer.
      assert.ok(ms < 15_000, `${ms} ms`);
      await page.close();
    });

    it('keeps the source of a <style> that only grew', async () => {
      const { items } = await harness.visit('/', () => {
        const style = document.createElement('style');
        style.textContent = '/* kept */ .a { -x-unknown: 1; color: red }';
        const open = document.createElement('style');
        open.textContent = '.b { color: red } @media print { .c { color: red';
        document.head.append(style, open);
        style.sheet?.insertRule('.new { color: lime }', 1);
        open.sheet?.insertRule('.new { color: lime }', 2);
      });
      const texts = (await query(harness, items[0].data, 'style')).map(({ text }) =>
        text.trim().replaceAll(/\s+/g, ' '),
      );
      assert.deepEqual(texts, [
        '/* kept */ .a { -x-unknown: 1; color: red } .new { color: lime; }',
        '.b { color: red; } @media print { .c { color: red; } } .new { color: lime; }',
      ]);
    });

    it('says for which media a script made a sheet', async () => {
      const { items } = await harness.visit('/', () => {
        for (const media of ['', 'print']) {
          const style = Object.assign(document.createElement('style'), {
            textContent: 'p {}',
            media,
          });
          document.head.append(style);
          const { sheet } = style;
          if (sheet) {
            sheet.media.mediaText = media ? '' : '(min-width: 5px)';
          }
        }
      });
      const media = (await query(harness, items[0].data, 'style')).map(
        ({ attributes }) => attributes.media,
      );
      assert.deepEqual(media, ['(min-width: 5px)', '']);
    });
  });
}
