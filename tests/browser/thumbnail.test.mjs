/** The thumbnail of a page that is saved, as real browsers take it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BROWSERS } from './browsers.mjs';
import { Harness } from './harness.mjs';

/** Red at its top, blue far below, and a picture that comes late: so it is scrolled. */
const PAGE = `<!DOCTYPE html><title>t</title><style>
  body { margin: 0; background: #00f }
  div { height: 3000px; background: linear-gradient(#f00 1500px, #00f 0) }
</style><div></div><img loading="lazy" src="/late.png" alt="">`;

for (const name of BROWSERS) {
  describe(`a thumbnail in ${name}`, { timeout: 120_000 }, () => {
    /** @type {Harness} */
    let harness;
    before(async () => {
      harness = await Harness.start(name, { '/': PAGE });
    });
    after(() => harness?.stop());

    it('shows the page as it stood, before it was scrolled', async () => {
      const { thumbnail } = await harness.visit('/');
      assert.ok(thumbnail);
      assert.equal(thumbnail.media_type, 'image/webp');
      assert.ok(Buffer.from(thumbnail.data, 'base64').length <= 24 * 1024);
      const seen = await harness.bridge.evaluate(async (data) => {
        const bytes = Uint8Array.from(atob(data), (unit) => unit.charCodeAt(0));
        const picture = await createImageBitmap(new Blob([bytes], { type: 'image/webp' }));
        const { width, height } = picture;
        const canvas = document.createElement('canvas');
        Object.assign(canvas, { width, height });
        const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
        context.drawImage(picture, 0, 0);
        const at = (/** @type {number} */ y) => [...context.getImageData(9, y, 1, 1).data];
        return { size: [width, height], top: at(2), end: at(height - 3) };
      }, thumbnail.data);
      assert.deepEqual(seen.size, [320, 200]);
      for (const [red, green, blue] of [seen.top, seen.end]) {
        assert.ok(red > 200 && green < 50 && blue < 50, `${red} ${green} ${blue}`);
      }
    });

    it('is not taken of what lies behind another tab', async () => {
      const behind = await harness.open('/');
      const front = await harness.open('/');
      const { thumbnail, error } = await harness.tryCapture(behind);
      assert.deepEqual([thumbnail, error], [null, null]);
      await front.close();
      await behind.close();
    });
  });
}
