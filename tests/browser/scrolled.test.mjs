/** Boxes that were scrolled are so in what the walker writes, with no script. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BROWSERS } from './browsers.mjs';
import { Harness } from './harness.mjs';

const ROWS = Array.from({ length: 60 }, (_, i) => `<p>row ${i}</p>`).join('');

const BOXES = `<!DOCTYPE html><title>t</title><style>
  body { height: 5000px }
  .box { width: 200px; height: 100px; overflow: auto; position: relative }
  .box p { width: 900px; margin: 0; height: 41px }
  #hidden { overflow: hidden }
  #smooth { scroll-behavior: smooth; animation: turn 9s infinite }
  @keyframes turn { to { color: red } }
  #slides { display: flex; scroll-snap-type: x mandatory }
  #slides p { flex: 0 0 200px; scroll-snap-align: center }
  #reset, #reset * { animation: none !important }
  #backwards { direction: rtl }
</style>
<div class="box" id="plain">${ROWS}</div>
<div class="box" id="hidden">${ROWS}</div>
<div class="box" id="smooth">${ROWS}</div>
<div class="box" id="slides">${ROWS}</div>
<div class="box" id="reset">${ROWS}</div>
<div class="box" id="backwards">${ROWS}</div>
<div class="box" id="long"><section><div>${ROWS}</div></section></div>
<div class="box" id="sticky"><p style="position: sticky; top: 0">head</p>${ROWS}</div>
<div class="box" id="outer"><div class="box" id="inner" style="height: 150px">${ROWS}</div>${ROWS}</div>
<pre class="box" id="text">${'a line of code that is long enough to be scrolled\n'.repeat(60)}</pre>
<div class="box" id="still">${ROWS}</div>`;

/** @type {Record<string, string | ((response: import('node:http').ServerResponse) => void)>} */
const ROUTES = {
  '/boxes': BOXES,
  '/inside': `<!DOCTYPE html><p>in a frame</p>${ROWS}`,
  '/frame': '<!DOCTYPE html><iframe src="/inside" style="height: 150px"></iframe>',
};

for (const name of BROWSERS) {
  describe(`scrolled boxes in ${name}`, { timeout: 120_000 }, () => {
    /** @type {Harness} */
    let harness;
    let written = '';
    before(async () => {
      harness = await Harness.start(name, {
        ...ROUTES,
        '/written': (response) => {
          response.writeHead(200, {
            'content-type': 'application/xhtml+xml; charset=utf-8',
            'content-security-policy': "script-src 'none'",
          });
          response.end(written);
        },
      });
    });
    after(() => harness?.stop());

    /** @returns {Record<string, number[]>} */
    const places = () =>
      Object.fromEntries(
        [...document.querySelectorAll('.box')].map(({ id, scrollLeft, scrollTop }) => [
          id,
          [Math.round(scrollLeft), Math.round(scrollTop)],
        ]),
      );

    it('opens them where they were, and lets go of them', async () => {
      const page = await harness.open('/boxes');
      await page.evaluate(() => {
        for (const box of document.querySelectorAll('.box:not(#still)')) {
          const left = box.id === 'backwards' ? -57 : box.id === 'slides' ? 200 * 7 : 57;
          box.scrollTo({ left, top: 733, behavior: 'instant' });
        }
        document.getElementById('outer')?.scrollTo(0, 30);
        scrollTo(0, 300);
      });
      const before = await page.evaluate(places);
      assert.deepEqual(before.plain, [57, 733]);
      written = (await harness.capture(page)).items[0].data;
      await page.close();

      const opened = await harness.open('/written');
      assert.deepEqual(await opened.evaluate(places), before);
      assert.equal(await opened.evaluate(() => scrollY), 0);
      const { free, animations } = await opened.evaluate(async () => {
        await new Promise((resolve) => {
          setTimeout(resolve, 1200);
        });
        const box = /** @type {HTMLElement} */ (document.getElementById('plain'));
        box.scrollTo(0, 111);
        box.style.height = '120px';
        await new Promise(requestAnimationFrame);
        const smooth = getComputedStyle(/** @type {Element} */ (document.getElementById('smooth')));
        return { free: box.scrollTop, animations: smooth.animationName };
      });
      assert.equal(free, 111);
      assert.equal(animations, 'turn, ls-hold');
      await opened.close();
    });

    it('opens a frame where it was', async () => {
      const page = await harness.open('/frame');
      await page.evaluateInFrame(['iframe'], () => scrollTo(0, 444));
      const { items } = await harness.capture(page);
      await page.close();
      written = items[1].data;
      const opened = await harness.open('/written');
      assert.equal(await opened.evaluate(() => scrollY), 444);
      await opened.close();
    });

    it('adds nothing to a page whose boxes are at their beginnings', async () => {
      const { items } = await harness.visit('/boxes', () => scrollTo(0, 200));
      assert.doesNotMatch(items[0].data, /ls-hold|ls-place/);
    });
  });
}
