/** What only the page can read: pixels, and what stands behind blob: URLs. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BROWSERS } from './browsers.mjs';
import { Harness, query } from './harness.mjs';

for (const name of BROWSERS) {
  describe(`resources in ${name}`, { timeout: 120_000 }, () => {
    /** @type {Harness} */
    let harness;
    before(async () => {
      harness = await Harness.start(name, { '/': '<!DOCTYPE html><title>t</title><body></body>' });
    });
    after(() => harness?.stop());

    it('keeps the pixels of canvases, WebGL too, but none of another site', async () => {
      const page = await harness.open('/');
      await page.evaluate(async (tainting) => {
        /** @param {string} id */
        const add = (id, width = 20) => {
          const canvas = Object.assign(document.createElement('canvas'), { id, width, height: 10 });
          document.body.append(canvas);
          return canvas;
        };
        /** @param {HTMLCanvasElement} canvas */
        const context = (canvas) =>
          /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
        const drawn = context(add('drawn'));
        drawn.fillStyle = '#f00';
        drawn.fillRect(0, 0, 20, 10);
        add('empty', 0);
        const styled = add('styled');
        styled.style.border = '1px solid';
        const rules = document.createElement('style');
        rules.textContent = '#styled { width: 30px; border-radius: 4px; background: #0f0; }';
        document.head.append(rules);
        context(styled).fillRect(0, 0, 1, 1);
        const tainted = context(add('tainted'));
        const svg = new Image();
        svg.src = `${tainting}/image.svg`;
        await svg.decode();
        tainted.drawImage(svg, 0, 0);
        const gl = add('gl').getContext('webgl');
        if (!gl) {
          document.getElementById('gl')?.remove();
        }
        const draw = () => {
          gl?.clearColor(0, 1, 0, 1);
          gl?.clear(gl.COLOR_BUFFER_BIT);
          requestAnimationFrame(draw);
        };
        draw();
        document.body.className = gl ? 'has-webgl' : '';
      }, harness.pages.other);
      const hasWebGL = await page.evaluate(() => document.body.className === 'has-webgl');
      const { items } = await harness.capture(page);
      const canvases = await query(harness, items[0].data, 'canvas');
      const kept = canvases.filter(({ attributes }) =>
        attributes.style?.includes('linksnap:canvas/'),
      );
      const ids = kept.map(({ attributes }) => attributes.id);
      assert.deepEqual(ids, [
        'drawn',
        'styled',
        // Firefox lets an extension read what it has a host permission for.
        ...(name === 'firefox' ? ['tainted'] : []),
        ...(hasWebGL ? ['gl'] : []),
      ]);
      assert.doesNotMatch(kept[0].attributes.style, /display|border|width/);
      const { style } = kept[1].attributes;
      assert.match(
        style,
        /^width: 30px; height: 15px; border: 1px solid; background-image: url\(linksnap:canvas\/\d+\); /,
      );
      const pixels = [];
      for (const { attributes } of kept.filter((each) => each.attributes.id !== 'tainted')) {
        const url = attributes.style.match(/linksnap:canvas\/\d+/)?.[0];
        const item = items.find((each) => each.url === url);
        assert.equal(item?.media_type, 'image/png');
        pixels.push(await firstPixel(`data:image/png;base64,${item?.data}`));
      }
      assert.deepEqual(pixels, ['255,0,0', '0,0,0', ...(hasWebGL ? ['0,255,0'] : [])]);
      await page.close();
    });

    /**
     * @param {string} png
     * @returns {Promise<string>}
     */
    function firstPixel(png) {
      return harness.bridge.evaluate(async (src) => {
        const image = new Image();
        image.src = src;
        await image.decode();
        const canvas = document.createElement('canvas');
        const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
        context.drawImage(image, 0, 0);
        return context.getImageData(0, 0, 1, 1).data.slice(0, 3).join(',');
      }, png);
    }

    it('sends what stands behind blob: URLs, once, even when they were given up', async () => {
      const page = await harness.open('/');
      const urls = await page.evaluate(async () => {
        /** @param {string} text @param {string} type */
        const make = (text, type) => URL.createObjectURL(new Blob([text], { type }));
        const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
        const image = new Image();
        image.src = make(svg, 'image/svg+xml');
        const again = new Image();
        again.src = image.src;
        const gone = new Image();
        gone.src = make(svg, 'image/svg+xml');
        const background = make(svg, 'image/svg+xml');
        const link = Object.assign(document.createElement('link'), {
          rel: 'stylesheet',
          href: make('p { color: red }', 'text/css'),
        });
        const style = document.createElement('style');
        style.textContent = `p { background: url("${background}") }`;
        const download = Object.assign(document.createElement('a'), {
          href: make('x', 'text/plain'),
        });
        document.body.append(image, again, gone, link, style, download);
        await Promise.all([image.decode(), again.decode(), gone.decode()]);
        URL.revokeObjectURL(gone.src);
        return [image.src, gone.src, background, link.href];
      });
      const { items } = await harness.capture(page);
      const [image, gone, background, link] = urls;
      const resources = new Map(items.slice(1).map((item) => [item.url, item]));
      assert.deepEqual([...resources.keys()].sort(), [...urls].sort());
      assert.equal(items.length, 5);
      assert.equal(resources.get(image)?.media_type, 'image/svg+xml');
      assert.equal(resources.get(gone)?.media_type, 'image/png');
      assert.equal(resources.get(background)?.media_type, 'image/svg+xml');
      assert.equal(resources.get(link)?.media_type, 'text/css');
      const css = Buffer.from(resources.get(link)?.data ?? '', 'base64').toString();
      assert.equal(css, 'p { color: red }');
      await page.close();
    });

    it('sends a resource of 5 MB in parts', async () => {
      const page = await harness.open('/');
      await page.evaluate(async () => {
        const bytes = new Uint8Array(5_000_001);
        for (let i = 0; i < bytes.length; i++) {
          bytes[i] = (i * 2654435761) >>> 24;
        }
        const video = document.createElement('video');
        video.src = URL.createObjectURL(new Blob([bytes], { type: 'video/mp4' }));
        document.body.append(video);
      });
      const { items } = await harness.capture(page);
      const bytes = Buffer.from(items[1].data, 'base64');
      assert.equal(bytes.length, 5_000_001);
      assert.ok(bytes.every((byte, i) => byte === (i * 2654435761) >>> 24));
      await page.close();
    });

    it('keeps the frame that a video shows, and drops streams that nobody can read', async () => {
      const page = await harness.open('/');
      await page.evaluate(async () => {
        const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 32 });
        const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
        const recorder = new MediaRecorder(canvas.captureStream(25), {
          mimeType: 'video/webm;codecs=vp8',
        });
        /** @type {Blob[]} */
        const chunks = [];
        recorder.ondataavailable = ({ data }) => chunks.push(data);
        recorder.start();
        for (let i = 0; i < 12; i++) {
          context.fillStyle = i % 2 ? '#0f0' : '#0e0';
          context.fillRect(0, 0, 64, 32);
          await new Promise((resolve) => {
            setTimeout(resolve, 50);
          });
        }
        await new Promise((resolve) => {
          recorder.onstop = resolve;
          recorder.stop();
        });
        const film = new Blob(chunks, { type: 'video/webm' });
        /** @param {string} id @param {string} src */
        const add = (id, src, poster = '') => {
          const video = Object.assign(document.createElement('video'), { id, src, muted: true });
          if (poster) {
            video.poster = poster;
          }
          document.body.append(video);
          return video;
        };
        /** @param {HTMLVideoElement} video @param {string} event */
        const wait = (video, event) =>
          new Promise((resolve) => {
            video.addEventListener(event, resolve, { once: true });
          });
        const plain = add('plain', URL.createObjectURL(film));
        const waiting = add('waiting', URL.createObjectURL(film), '/poster.svg');
        const played = add('played', URL.createObjectURL(film), '/poster.svg');
        await Promise.all([plain, waiting, played].map((each) => wait(each, 'loadeddata')));
        await played.play();
        await wait(played, 'timeupdate');
        played.pause();
        const source = new MediaSource();
        const stream = add('stream', URL.createObjectURL(source));
        await new Promise((resolve) => {
          source.onsourceopen = resolve;
        });
        const buffer = source.addSourceBuffer('video/webm;codecs=vp8');
        buffer.appendBuffer(await film.arrayBuffer());
        await wait(stream, 'loadeddata');
        add('empty', URL.createObjectURL(new MediaSource()));
      });
      const { items } = await harness.capture(page);
      const videos = await query(harness, items[0].data, 'video');
      /** @type {Record<string, Record<string, string>>} */
      const found = Object.fromEntries(videos.map(({ attributes: each }) => [each.id, each]));
      const { plain, waiting, played, stream, empty } = found;
      assert.match(waiting.poster, /poster\.svg$/);
      assert.deepEqual([stream.src, empty.src, empty.poster], [undefined, undefined, undefined]);
      for (const { src } of [plain, waiting, played]) {
        assert.equal(items.find(({ url }) => url === src)?.media_type, 'video/webm');
      }
      for (const { poster } of [plain, played, stream]) {
        const item = items.find(({ url }) => url === poster);
        assert.equal(item?.media_type, 'image/webp');
        const [red, green, blue] = (await firstPixel(`data:image/webp;base64,${item.data}`)).split(
          ',',
        );
        assert.ok(Number(green) > 180 && Number(red) < 90 && Number(blue) < 90, `${red},${green}`);
      }
      await page.close();
    });

    it('reads canvases that a worker or a bitmap fills, in shadow roots, and large ones', async () => {
      const page = await harness.open('/');
      await page.evaluate(async () => {
        const root = document.createElement('div').attachShadow({ mode: 'closed' });
        document.body.append(root.host);
        /** @param {string} id */
        const add = (id, width = 20, height = 10) => {
          const canvas = Object.assign(document.createElement('canvas'), { id, width, height });
          canvas.style.width = '20px';
          root.append(canvas);
          return canvas;
        };
        const code =
          'onmessage = ({ data }) => { const c = data.getContext("2d"); c.fillStyle = "#00f"; ' +
          'c.fillRect(0, 0, 20, 10); postMessage(""); }';
        const worker = new Worker(URL.createObjectURL(new Blob([code])));
        const offscreen = add('worker').transferControlToOffscreen();
        const drawn = new Promise((resolve) => {
          worker.onmessage = resolve;
        });
        worker.postMessage(offscreen, [offscreen]);
        await drawn;
        const source = new OffscreenCanvas(20, 10);
        const red = /** @type {OffscreenCanvasRenderingContext2D} */ (source.getContext('2d'));
        red.fillStyle = '#f00';
        red.fillRect(0, 0, 20, 10);
        add('bitmap')
          .getContext('bitmaprenderer')
          ?.transferFromImageBitmap(source.transferToImageBitmap());
        const large = add('large', 9000, 4000).getContext('2d');
        if (large) {
          large.fillStyle = '#0f0';
          large.fillRect(0, 0, 9000, 4000);
        }
        await new Promise((resolve) => {
          setTimeout(resolve, 300);
        });
      });
      const { items, ms } = await harness.capture(page);
      const canvases = await query(harness, items[0].data, 'canvas');
      const colours = [];
      for (const { attributes } of canvases) {
        const url = attributes.style.match(/linksnap:canvas\/\d+/)?.[0];
        const item = items.find((each) => each.url === url);
        colours.push([attributes.id, await firstPixel(`data:image/png;base64,${item?.data}`)]);
      }
      assert.deepEqual(colours, [
        ['worker', '0,0,255'],
        ['bitmap', '255,0,0'],
        ['large', '0,255,0'],
      ]);
      console.log(`${name}: a canvas of 36 million pixels: ${Math.round(ms)} ms`);
      await page.close();
    });

    it('cuts canvases that cannot be read out of what the browser shows', async () => {
      const page = await harness.open('/');
      await page.evaluate(async (tainting) => {
        document.body.style.margin = '0';
        /** @param {string} id @param {number} left */
        const add = (id, left) => {
          const canvas = Object.assign(document.createElement('canvas'), { id });
          canvas.width = canvas.height = 80;
          canvas.style.cssText = `position: absolute; top: 40px; left: ${left}px; border: 3px solid`;
          document.body.append(canvas);
          return canvas;
        };
        // What stands behind a canvas is seen through it.
        add('clear', 10).style.backgroundColor = '#00f';
        add('covered', 110).style.backgroundColor = '#00f';
        const cover = document.createElement('p');
        cover.style.cssText =
          'position: absolute; inset: 0 0 0 110px; margin: 0; height: 200px; width: 90px';
        document.body.append(cover);
        const svg = new Image();
        svg.src = `${tainting}/image.svg`;
        await svg.decode();
        const tainted = add('tainted', 210).getContext('2d');
        if (tainted) {
          tainted.fillStyle = '#f00';
          tainted.fillRect(0, 0, 80, 80);
          tainted.drawImage(svg, 0, 0);
        }
        const gl = add('gl', 310).getContext('webgl');
        if (gl) {
          gl.clearColor(0, 1, 0, 1);
          gl.clear(gl.COLOR_BUFFER_BIT);
        } else {
          document.getElementById('gl')?.remove();
        }
        await new Promise((resolve) => {
          setTimeout(resolve, 500);
        });
      }, harness.pages.other);
      const { items } = await harness.capture(page);
      /** @type {Record<string, string>} */
      const colours = {};
      for (const { attributes } of await query(harness, items[0].data, 'canvas')) {
        const url = attributes.style.match(/linksnap:canvas\/\d+/)?.[0];
        const item = items.find((each) => each.url === url);
        colours[attributes.id] = item ? await firstPixel(`data:image/png;base64,${item.data}`) : '';
      }
      const { gl, ...others } = colours;
      assert.deepEqual(others, { clear: '0,0,255', covered: '0,0,0', tainted: '255,0,0' });
      assert.ok(gl === undefined || gl === '0,255,0', gl);
      await page.close();
    });
  });
}
