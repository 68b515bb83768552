/** The page walker in real browsers: what it writes is what the page is (host/PROTOCOL.md). */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BROWSERS } from './browsers.mjs';
import { STATES, compare } from './dom-states.mjs';
import { Harness, query } from './harness.mjs';

const ROUTES = {
  '/': '<!DOCTYPE html><meta charset="utf-8"><title>t</title><body></body>',
  '/quirks': '<title>q</title><p>quirks',
  '/transitional':
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd"><p>t',
  '/base': '<!DOCTYPE html><base href="/elsewhere/"><p>b',
  '/frameset': '<frameset cols="*,*"><frame src="/"><frame src="/quirks"></frameset>',
  '/broken': '<!DOCTYPE html><p>1<table><tr><td>2<p>3</table><b><i>4</b>5</i></body>6<!-- -->',
};

for (const name of BROWSERS) {
  describe(`the page walker in ${name}`, { timeout: 240_000 }, () => {
    /** @type {Harness} */
    let harness;
    before(async () => {
      harness = await Harness.start(name, ROUTES);
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

    describe('keeps states that no HTML text can say:', () => {
      /** @type {string[]} */
      let differences = [];
      before(async () => {
        const page = await harness.open('/');
        for (const [i, build] of Object.values(STATES).entries()) {
          const script = `const box = document.createElement('section');
            box.id = 'state-${i}';
            document.body.append(box);
            (${build})(box);`;
          await page.evaluate(/** @type {() => void} */ (new Function(script)));
        }
        const { items } = await harness.capture(page);
        const selectors = Object.keys(STATES).map((_, i) => `#state-${i}`);
        differences = await page.evaluate(compare, items[0].data, selectors);
        await page.close();
      });
      for (const [i, state] of Object.keys(STATES).entries()) {
        it(state, () => assert.equal(differences[i], ''));
      }
    });

    describe('keeps whole documents:', () => {
      /** @type {Record<string, [string, () => void]>} */
      const documents = {
        'what a parser repairs': ['/broken', () => {}],
        'text in the head, elements after the body': [
          '/',
          () => {
            document.head.append('text', document.createElement('p'));
            document.documentElement.append('after', document.createElement('div'));
          },
        ],
        'no body and no head': ['/', () => document.documentElement.replaceChildren('text')],
        'a root that is no html': [
          '/',
          () => {
            const root = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
            root.append(document.createElement('p'));
            document.documentElement.replaceWith(root);
          },
        ],
        'attributes of the root': [
          '/',
          () => {
            document.documentElement.setAttribute('lang', 'zh');
            document.documentElement.setAttribute('xmlns:og', 'x');
            document.body.className = 'dark';
          },
        ],
      };
      for (const [title, [path, script]] of Object.entries(documents)) {
        it(title, async () => {
          const page = await harness.open(path);
          await page.evaluate(script);
          const { items } = await harness.capture(page);
          assert.deepEqual(await page.evaluate(compare, items[0].data, [':root']), ['']);
          await page.close();
        });
      }
    });

    it('says the doctype, the URL and the base of a document', async () => {
      const seen = [];
      for (const path of ['/#part', '/quirks', '/transitional', '/base']) {
        const page = await harness.open(path);
        const { items, begin } = await harness.capture(page);
        assert.equal(begin.url, page.url());
        assert.equal(items[0].url, page.url());
        seen.push(items[0]);
        await page.close();
      }
      const [standard, quirks, transitional, based] = seen;
      assert.equal(standard.doctype, '<!DOCTYPE html>');
      assert.equal(quirks.doctype, '');
      assert.equal(
        transitional.doctype,
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">',
      );
      assert.equal(based.base, `${harness.pages.origin}/elsewhere/`);
    });

    it('keeps the rendering mode where a script removed the doctype', async () => {
      const { items } = await harness.visit('/', () => document.doctype?.remove());
      assert.equal(items[0].doctype, '<!DOCTYPE html>');
    });

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

    it('names the picture that the browser chose', async () => {
      const png =
        'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
      const page = await harness.open('/');
      await page.evaluate(async (url) => {
        const picture = document.createElement('picture');
        const source = document.createElement('source');
        source.srcset = `${url}#source`;
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
        chosen.map((src) => [src, undefined, undefined]),
      );
      assert.deepEqual(await query(harness, items[0].data, 'source'), []);
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
        /** @type {any} */ (changed.sheet?.cssRules[0]).style.color = 'lime';
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

    it('keeps all of a page that is 3000 levels deep', async () => {
      const { items } = await harness.visit('/', () => {
        let inner = document.body;
        inner.hidden = true;
        for (let i = 0; i < 3000; i++) {
          const outer = inner;
          inner = document.createElement('div');
          inner.append(`${i};`);
          outer.append(inner);
        }
        inner.attachShadow({ mode: 'open' }).append('at the bottom');
      });
      const xml = items[0].data;
      let depth = 0;
      let deepest = 0;
      for (const [tag] of xml.matchAll(/<\/?[a-z]+[^>]*>/g)) {
        depth += tag.startsWith('</') ? -1 : tag.endsWith('/>') ? 0 : 1;
        deepest = Math.max(deepest, depth);
      }
      assert.equal(depth, 0);
      assert.ok(deepest <= 2000, `${deepest} levels`);
      const texts = (xml.match(/\d+;/g) ?? []).map(Number.parseFloat);
      assert.deepEqual(
        texts,
        Array.from({ length: 3000 }, (_, i) => i),
      );
    });

    it('leaves out what is past the thousandth attribute', async () => {
      const [found] = await visitAndQuery(
        '/',
        () => {
          for (let i = 0; i < 1500; i++) {
            document.body.setAttribute(`a${i}`, '');
          }
        },
        'body',
      );
      const count = Object.keys(found.attributes).length;
      assert.ok(count > 900 && count < 1000, `${count} attributes`);
    });

    it('walks 50,000 elements in well under five seconds', async () => {
      const page = await harness.open('/');
      await page.evaluate(() => {
        const list = document.createElement('div');
        list.hidden = true;
        for (let i = 0; i < 10_000; i++) {
          const row = document.createElement('div');
          row.className = 'row even';
          row.id = `row-${i}`;
          for (let j = 0; j < 4; j++) {
            const cell = document.createElement('span');
            cell.setAttribute('data-cell', String(j));
            cell.append(`第 ${i} 行 & cell ${j}`);
            row.append(cell);
          }
          list.append(row);
        }
        document.body.append(list);
      });
      const { items, ms } = await harness.capture(page);
      assert.equal(items[0].data.match(/<span/g)?.length, 40_000);
      console.log(
        `${name}: 50,000 elements, ${items[0].data.length} characters: ${Math.round(ms)} ms`,
      );
      assert.ok(ms < 5000, `${ms} ms`);
      await page.close();
    });
  });
}
