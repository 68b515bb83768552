/** The page walker in real browsers: what it writes is what the page is (host/PROTOCOL.md). */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BROWSERS } from './browsers.mjs';
import { compare } from './dom-compare.mjs';
import { STATES } from './dom-states.mjs';
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
