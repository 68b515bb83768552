/** What a page has become since it was loaded: forms, what is open, pictures, style sheets. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BROWSERS } from './browsers.mjs';
import { Harness, query } from './harness.mjs';

for (const name of BROWSERS) {
  describe(`the state of a page in ${name}`, { timeout: 120_000 }, () => {
    /** @type {Harness} */
    let harness;
    before(async () => {
      harness = await Harness.start(name, { '/': '<!DOCTYPE html><title>t</title><body></body>' });
    });
    after(() => harness?.stop());

    /**
     * @param {string} path
     * @param {() => unknown} script
     * @param {string} selector
     */
    async function visitAndQuery(path, script, selector) {
      const { items } = await harness.visit(path, script);
      return query(harness, items[0].data, selector);
    }

    it('keeps forms as they are filled in, without passwords', async () => {
      const found = await visitAndQuery(
        '/',
        () => {
          const form = document.createElement('form');
          /** @type {[string, Record<string, unknown>][]} */
          const inputs = [
            ['text', { defaultValue: 'old', value: '新<"&' }],
            ['text', { defaultValue: 'kept' }],
            ['text', { defaultValue: 'old', value: '' }],
            ['checkbox', { checked: true, value: 'v' }],
            ['checkbox', { defaultChecked: true, checked: false }],
            ['radio', { checked: true }],
            ['range', { value: '70' }],
            ['date', { value: '2026-07-01' }],
            ['hidden', { value: 'h' }],
            ['password', { defaultValue: 'secret0', value: 'secret1' }],
          ];
          for (const [type, properties] of inputs) {
            form.append(Object.assign(document.createElement('input'), { type }, properties));
          }
          document.body.append(form);
        },
        'input',
      );
      assert.deepEqual(
        found.map(({ attributes: { value, checked } }) => [value, checked]),
        [
          ['新<"&', undefined],
          ['kept', undefined],
          ['', undefined],
          ['v', ''],
          [undefined, undefined],
          [undefined, ''],
          ['70', undefined],
          ['2026-07-01', undefined],
          ['h', undefined],
          [undefined, undefined],
        ],
      );
    });

    it('keeps choices, long texts, and what is open', async () => {
      const { items } = await harness.visit('/', () => {
        const select = document.createElement('select');
        select.append(new Option('a', 'a', true), new Option('b'), new Option('c'));
        select.selectedIndex = 2;
        const several = document.createElement('select');
        several.multiple = true;
        several.append(new Option('d', 'd', true), new Option('e'), new Option('f'));
        several.options[0].selected = false;
        several.options[1].selected = true;
        several.options[2].selected = true;
        const area = document.createElement('textarea');
        area.append('as written');
        area.value = '\nas typed\n<b>\u0000';
        const details = document.createElement('details');
        details.open = true;
        const modal = document.createElement('dialog');
        const popover = document.createElement('div');
        popover.popover = 'auto';
        document.body.append(select, several, area, details, modal, popover);
        modal.showModal();
        popover.showPopover();
      });
      const xml = items[0].data;
      const options = await query(harness, xml, 'option[selected]');
      assert.deepEqual(
        options.map(({ text }) => text),
        ['c', 'e', 'f'],
      );
      const [area] = await query(harness, xml, 'textarea');
      assert.equal(area.text, '\nas typed\n<b>\uFFFD');
      const [details, dialog] = await query(harness, xml, '[open]');
      assert.deepEqual([details.name, dialog.name], ['details', 'dialog']);
      const [popover] = await query(harness, xml, '[popover]');
      for (const { attributes } of [dialog, popover]) {
        assert.match(attributes.style, /display: block; position: fixed;.*z-index: 2147483647/);
      }
    });

    it('keeps a choice of nothing', async () => {
      const options = await visitAndQuery(
        '/',
        () => {
          const select = document.createElement('select');
          select.append(new Option('a'), new Option('b'));
          select.selectedIndex = -1;
          document.body.append(select);
        },
        'option',
      );
      assert.deepEqual(
        options.map(({ text, attributes }) => [text, attributes.selected, attributes.hidden]),
        [
          ['', '', ''],
          ['a', undefined, undefined],
          ['b', undefined, undefined],
        ],
      );
    });

    it('names the picture that the browser chose', async () => {
      const png =
        'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
      const page = await harness.open('/');
      await page.evaluate(async (url) => {
        const picture = document.createElement('picture');
        const source = document.createElement('source');
        source.srcset = `${url}#source`;
        source.media = 'all';
        const inside = new Image();
        inside.src = '/missing.png';
        picture.append(source, inside);
        const dense = new Image();
        dense.srcset = `${url}#one 1x, ${url}#two 2x`;
        dense.sizes = '10px';
        const plain = new Image();
        plain.src = `${url}#plain`;
        document.body.append(picture, dense, plain);
        await Promise.all([inside.decode(), dense.decode(), plain.decode()]);
      }, png);
      const { items } = await harness.capture(page);
      const images = await query(harness, items[0].data, 'img');
      const chosen = await page.evaluate(() => [...document.images].map((img) => img.currentSrc));
      assert.match(chosen[0], /#source$/);
      assert.deepEqual(
        images.map(({ attributes: { src, srcset, sizes } }) => [src, srcset, sizes]),
        [
          [chosen[0], undefined, undefined],
          // Rules may ask for the attributes.
          [chosen[1], '', '10px'],
          [chosen[2], undefined, undefined],
        ],
      );
      const sources = await query(harness, items[0].data, 'source');
      assert.deepEqual(
        sources.map(({ attributes }) => attributes),
        [{ media: 'all' }],
      );
      await page.close();
    });

    it('keeps the size of a picture that has more pixels than it is wide', async () => {
      const page = await harness.open('/');
      await page.evaluate(async () => {
        const canvas = document.createElement('canvas');
        canvas.width = 40;
        canvas.height = 20;
        const url = canvas.toDataURL();
        const style = document.createElement('style');
        style.textContent = '.low { height: 5px } .wide { width: 100% }';
        document.head.append(style);
        for (const [name, attribute] of [['plain'], ['low'], ['wide'], ['sized', 'height']]) {
          const img = new Image();
          img.className = name;
          img.srcset = `${url} 2x`;
          if (attribute) {
            img.setAttribute(attribute, '10');
          }
          document.body.append(img);
          await img.decode();
        }
      });
      const { items } = await harness.capture(page);
      const widths = (await query(harness, items[0].data, 'img')).map(({ attributes }) => [
        attributes.class,
        attributes.width,
      ]);
      assert.deepEqual(widths, [
        ['plain', '20'],
        ['low', undefined],
        ['wide', undefined],
        ['sized', undefined],
      ]);
      await page.close();
    });

    it('writes out style sheets that scripts made or changed', async () => {
      const { items } = await harness.visit('/', () => {
        const plain = document.createElement('style');
        plain.textContent = 'p > b { color: red } /* as written */';
        const empty = document.createElement('style');
        const changed = document.createElement('style');
        changed.textContent = 'i { color: blue }';
        const off = document.createElement('style');
        off.textContent = 'u { color: green }';
        document.head.append(plain, empty, changed, off);
        empty.sheet?.insertRule('.inserted::after { content: "<\\26" }');
        const rule = /** @type {any} */ (changed.sheet).cssRules[0];
        rule.style.color = 'lime';
        /** @type {any} */ (off.sheet).disabled = true;
        const adopted = new CSSStyleSheet({ media: 'screen' });
        adopted.replaceSync('.adopted { color: teal }');
        document.adoptedStyleSheets = [adopted];
        const host = document.createElement('div');
        const root = host.attachShadow({ mode: 'closed' });
        root.append('in the root');
        root.adoptedStyleSheets = [adopted];
        document.body.append(host);
      });
      const xml = items[0].data;
      const sheets = (await query(harness, xml, 'head style')).map(({ attributes, text }) => ({
        text: text.replaceAll(/\s+/g, ' '),
        media: attributes.media,
        adopted: attributes['ls:adopted'],
      }));
      assert.equal(sheets.length, 5);
      const [plain, inserted, changed, off, adopted] = sheets;
      assert.deepEqual(plain, {
        text: 'p > b { color: red } /* as written */',
        media: undefined,
        adopted: undefined,
      });
      assert.match(inserted.text, /\.inserted::after { content: "<&"; }/);
      assert.equal(inserted.adopted, '');
      assert.deepEqual(changed, { text: 'i { color: lime; }', media: undefined, adopted: '' });
      assert.equal(off.media, 'not all');
      assert.deepEqual(adopted, {
        text: '.adopted { color: teal; }',
        media: 'screen',
        adopted: '',
      });
      const [root] = await query(harness, xml, 'template');
      assert.equal(root.attributes['ls:shadow'], 'closed');
      assert.match(root.text, /in the root.*\.adopted { color: teal; }/s);
    });

    it('puts adopted sheets after those of the body', async () => {
      const sheets = await visitAndQuery(
        '/',
        () => {
          const late = document.createElement('style');
          late.textContent = 'p { color: red }';
          const adopted = new CSSStyleSheet();
          adopted.replaceSync('p { color: blue }');
          document.body.append(late, document.createElement('p'));
          document.adoptedStyleSheets = [adopted];
        },
        'body > :last-child',
      );
      assert.equal(sheets[0].attributes['ls:adopted'], '');
    });
  });
}
