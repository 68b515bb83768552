/** Pictures that load only when they come into view, and pages that give a capture no rest. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BROWSERS } from './browsers.mjs';
import { Harness, query } from './harness.mjs';

const SPACE = '<div style="height: 9000px"></div>';
const LOADER = `<script>
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) {
        target.src = target.dataset.src;
        seen.unobserve(target);
      }
    }
  });
  document.querySelectorAll('[data-src]').forEach((img) => seen.observe(img));
</script>`;

/** @type {Record<string, string | ((response: import('node:http').ServerResponse) => void)>} */
const ROUTES = {
  '/native': `<!DOCTYPE html>${SPACE}<img id="a" loading="lazy" src="/a.svg">${SPACE}
    <img id="b" loading="lazy" src="/b.svg" width="9" height="9">`,
  '/script': `<!DOCTYPE html>${SPACE}<img id="a" data-src="/a.svg" class="lazyload">${SPACE}
    <img id="b" data-src="/b.svg" class="lazyload"
      src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==">${LOADER}`,
  '/box': `<!DOCTYPE html><div style="height: 200px; overflow: auto" id="box">${SPACE}
    <img id="a" data-src="/a.svg" width="9" height="9"></div>${LOADER}`,
  '/growing': `<!DOCTYPE html>${SPACE}<img loading="lazy" src="/a.svg"><script>
    addEventListener('scroll', () => {
      if (document.documentElement.scrollHeight < 400000) {
        const more = document.createElement('div');
        more.style.height = '9000px';
        document.body.append(more);
      }
    });</script>`,
  '/plain': `<!DOCTYPE html><img src="/a.svg">${SPACE}<img src="/b.svg" data-src="/b.svg">
    <img loading="lazy" src="/c.svg" style="display: none"><script>
    addEventListener('scroll', () => { document.body.id = 'scrolled'; });</script>`,
  '/never': `<!DOCTYPE html>${SPACE}<img loading="lazy" src="/endless">`,
  '/endless': () => {},
  '/restless': `<!DOCTYPE html><p id="p">0</p><script>
    setInterval(() => { p.textContent = Number(p.textContent) + 1; }, 1);
    const turn = () => { document.body.append(document.body.firstChild); requestAnimationFrame(turn); };
    turn();</script>`,
  '/busy': `<!DOCTYPE html><p>busy</p><script>
    setInterval(() => { const end = Date.now() + 1500; while (Date.now() < end); }, 10);</script>`,
  '/leaving': `<!DOCTYPE html><p>leaving</p>${'<iframe src="/leaf"></iframe>'.repeat(8)}`,
  '/leaf': '<!DOCTYPE html><p>leaf</p><iframe src="/plain"></iframe>',
};

for (const name of BROWSERS) {
  describe(`pages that wait in ${name}`, { timeout: 180_000 }, () => {
    /** @type {Harness} */
    let harness;
    before(async () => {
      harness = await Harness.start(name, ROUTES);
    });
    after(() => harness?.stop());

    for (const path of ['/native', '/script', '/box']) {
      it(`brings the pictures of ${path.slice(1)} by a scroll, and goes back`, async () => {
        const page = await harness.open(path);
        await page.evaluate(() => {
          scrollTo(0, 123);
          document.getElementById('box')?.scrollTo(0, 45);
        });
        const { items } = await harness.capture(page);
        const images = await query(harness, items[0].data, 'img');
        assert.ok(images.every(({ attributes }) => /\.svg$/.test(attributes.src)));
        const state = await page.evaluate(() => ({
          place: document.getElementById('box')?.scrollTop ?? scrollY,
          widths: [...document.images].map((img) => img.complete && img.naturalWidth),
        }));
        assert.equal(state.place, path === '/box' ? 45 : 123);
        assert.ok(
          state.widths.every((width) => width === 9),
          String(state.widths),
        );
        await page.close();
      });
    }

    it('leaves a page alone that waits for nothing', async () => {
      const page = await harness.open('/plain');
      await harness.capture(page);
      assert.equal(await page.evaluate(() => document.body.id), '');
      await page.close();
    });

    it('leaves a page alone when the person does not want it', async () => {
      const page = await harness.open('/native');
      const choose = (/** @type {boolean} */ scroll) =>
        harness.bridge.evaluate(async (value) => {
          const { browser, chrome } = /** @type {any} */ (globalThis);
          await (browser ?? chrome).storage.local.set({ settings: { scroll: value } });
        }, scroll);
      await choose(false);
      await harness.capture(page);
      await choose(true);
      assert.equal(await page.evaluate(() => document.images[0].complete), false);
      await page.close();
    });

    it('goes no further than a growing page was long, and waits for no picture for ever', async () => {
      const { items, ms } = await harness.visit('/growing');
      assert.equal(items.length, 1);
      assert.ok(ms < 6000, `${ms} ms`);
      const never = await harness.visit('/never');
      assert.ok(never.ms < 8000, `${never.ms} ms`);
    });

    it('captures a page that never stops changing, and one that blocks its thread', async () => {
      const restless = await harness.visit('/restless');
      assert.match(restless.items[0].data, /<p id="p">\d+<\/p>/);
      assert.ok(restless.ms < 3000, `${restless.ms} ms`);
      const busy = await harness.visit('/busy');
      assert.match(busy.items[0].data, /busy/);
      assert.ok(busy.ms < 30_000, `${busy.ms} ms`);
    });

    it('captures a page whose frames come and go', async () => {
      const page = await harness.open('/leaving');
      await page.evaluate(() => {
        setInterval(() => {
          const frames = document.querySelectorAll('iframe');
          const frame = frames[Math.floor(Math.random() * frames.length)];
          if (Math.random() < 0.3) {
            frame.src = `/leaf?${Math.random()}`;
          } else {
            frame.replaceWith(frame.cloneNode());
          }
        }, 5);
      });
      for (let i = 0; i < 3; i++) {
        const { items, ms } = await harness.capture(page);
        assert.match(items[0].data, /leaving/);
        assert.ok(ms < 6000, `${ms} ms`);
      }
      await page.close();
    });

    it('captures a page of 5,000 pictures', async () => {
      const page = await harness.open('/plain');
      await page.evaluate(() => {
        for (let i = 0; i < 5000; i++) {
          const img = new Image(9, 9);
          img.src = 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"/>';
          img.srcset = `${img.src} 2x`;
          document.body.append(img);
        }
      });
      const { items, ms } = await harness.capture(page);
      assert.ok((items[0].data.match(/<img/g)?.length ?? 0) > 5000);
      console.log(`${name}: 5,000 pictures: ${Math.round(ms)} ms`);
      assert.ok(ms < 5000, `${ms} ms`);
      await page.close();
    });
  });
}
