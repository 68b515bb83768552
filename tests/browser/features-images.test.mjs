/** Pictures, sound and video, however a page comes by them. */
import { features, untilReady } from './features.mjs';

/** The colour in the middle of a picture, and whether it is one. */
const pictures = async () => {
  const found = /** @type {Record<string, string>} */ ({});
  for (const each of document.querySelectorAll('img[id]')) {
    const img = /** @type {HTMLImageElement} */ (each);
    await img.decode().catch(() => {});
    const canvas = document.createElement('canvas');
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    if (img.naturalWidth > 1) {
      context.drawImage(img, 0, 0, 9, 9);
    }
    found[img.id] = context.getImageData(4, 4, 1, 1).data.slice(0, 3).join(',');
  }
  return found;
};

/** @param {string} ids */
const green = (ids) => Object.fromEntries(ids.split(' ').map((id) => [id, '0,128,0']));

const lengths = async () => {
  const found = /** @type {Record<string, number | string>} */ ({});
  for (const each of document.querySelectorAll('audio, video')) {
    const media = /** @type {HTMLMediaElement} */ (each);
    media.preload = 'metadata';
    media.load();
    await new Promise((resolve) => {
      media.addEventListener('loadedmetadata', resolve);
      media.addEventListener('error', resolve);
      media.querySelector('source:last-of-type')?.addEventListener('error', resolve);
      setTimeout(resolve, 1500);
    });
    const { readyState, duration, localName } = media;
    const length = localName === 'audio' ? Math.round(duration) : 'plays';
    found[media.id] = readyState > 0 ? length : 'none';
  }
  return found;
};

features('pictures and media', [
  {
    site: 'srcset',
    facts: [
      { it: 'shows the picture that was chosen, as large as it was', green: 'img, input' },
      {
        it: 'leaves rules about attributes as they were',
        see: () => [...document.images].map((each) => getComputedStyle(each).outlineStyle),
      },
    ],
  },
  {
    site: 'picture',
    facts: [
      { it: 'shows the source that was chosen', green: 'img' },
      {
        it: 'shows it in shadow roots',
        see: () => document.getElementById('host')?.shadowRoot?.querySelector('img')?.naturalWidth,
        is: 40,
      },
      {
        it: 'leaves rules about siblings as they were',
        see: () =>
          [...document.querySelectorAll('img')].map((each) => getComputedStyle(each).outlineStyle),
      },
    ],
  },
  {
    site: 'lazy',
    ready: () => scrollTo(0, 40),
    after: () => scrollY === 40 || `the page was left at ${scrollY}`,
    looks: 'the page stands scrolled',
    facts: [
      {
        it: 'has loaded what waits for a scroll, in all its disguises',
        live: false,
        see: pictures,
        is: green('native observed scrolled named set picture visible appended opaque'),
      },
      {
        it: 'has loaded backgrounds that wait',
        live: false,
        see: async () => {
          const box = /** @type {Element} */ (document.getElementById('background'));
          const [, url] = /^url\("(data:.*)"\)$/.exec(getComputedStyle(box).backgroundImage) ?? [];
          const img = new Image();
          img.src = url ?? '';
          await img.decode();
          return img.naturalWidth;
        },
        is: 40,
      },
      {
        it: 'has loaded lazy frames',
        in: ['#frame'],
        live: false,
        see: () => document.body.innerText,
        is: 'lazy frame',
      },
    ],
  },
  {
    site: 'lazy',
    title: 'lazy-off',
    page: '?off',
    settings: { scroll: false },
    after: () => {
      const img = /** @type {HTMLImageElement} */ (document.getElementById('opaque'));
      return img.src === '' || 'it was scrolled';
    },
    looks: 0.005,
    facts: [
      {
        it: 'still has what the page names, when scrolling is switched off',
        live: false,
        see: async () => {
          const img = /** @type {HTMLImageElement} */ (document.getElementById('native'));
          await img.decode().catch(() => {});
          return img.naturalWidth;
        },
        is: 40,
      },
    ],
  },
  {
    site: 'blob',
    ready: untilReady,
    facts: [
      {
        it: 'shows pictures that scripts made',
        green: '#image, #revoked, #input, #picture, #host',
      },
      { it: 'shows them as backgrounds', green: '#inline, #ruled, #adopted, #variable' },
      { it: 'shows them as sheets, posters and in SVG', green: '#linked, #poster, #svg' },
      { it: 'plays sounds that scripts made', see: lengths, is: { audio: 1, poster: 'none' } },
    ],
  },
  {
    site: 'svg-use',
    // Firefox draws one of them black, the snapshot does not.
    looks: 0.1,
    facts: [
      { it: 'shows what other files draw', green: '#symbol, #old, #made, #group, #local' },
      { it: 'gives them the colours of the page', green: '#current, #variable' },
      { it: 'shows their gradients and own uses', green: '#gradient, #nested' },
      {
        it: 'shows them with their own style sheet',
        green: '#styled',
        lacks: { firefox: 'Firefox applies no sheet of another file' },
      },
      { it: 'shows them in open and closed shadow roots', green: '#open, #closed' },
    ],
  },
  {
    site: 'icons',
    facts: [
      {
        it: 'keeps favicons of every kind',
        see: async () => {
          const links = [...document.querySelectorAll('link[rel~="icon"], link[rel*="-icon"]')];
          const found = [];
          for (const link of /** @type {HTMLLinkElement[]} */ (links)) {
            const img = new Image();
            img.src = link.href;
            await img.decode().catch(() => {});
            const rel = link.rel.replace('shortcut ', '');
            found.push(`${rel} ${link.getAttribute('sizes') ?? ''} ${img.naturalWidth}`);
          }
          return found.sort();
        },
        is: [
          'apple-touch-icon  180',
          'apple-touch-icon-precomposed 57x57 57',
          'icon  24',
          'icon  32',
          'icon  48',
          'icon 16x16 16',
          'icon any 64',
          'mask-icon  20',
        ],
      },
    ],
  },
  {
    site: 'icon-default',
    facts: [
      {
        it: 'keeps the icon that no page names',
        live: false,
        see: async () => {
          const link = document.querySelector('link[rel~="icon"]');
          const img = new Image();
          img.src = /** @type {HTMLLinkElement | null} */ (link)?.href ?? '';
          await img.decode().catch(() => {});
          return img.naturalWidth;
        },
        is: 32,
      },
    ],
  },
  {
    site: 'media',
    looks: 0.03,
    facts: [
      { it: 'shows posters', green: '#poster' },
      {
        it: 'plays sound and video',
        live: false,
        see: lengths,
        is: { audio: 2, sources: 3, poster: 'plays', tracked: 'plays' },
      },
      {
        it: 'keeps captions',
        live: false,
        see: async () => {
          const track = /** @type {HTMLTrackElement} */ (document.querySelector('track'));
          track.track.mode = 'hidden';
          await new Promise((resolve) => {
            track.addEventListener('load', resolve);
            setTimeout(resolve, 1000);
          });
          return [...(track.track.cues ?? [])].map((cue) => /** @type {VTTCue} */ (cue).text);
        },
        is: ['字幕'],
      },
    ],
  },
  {
    site: 'media-limit',
    looks: 'controls of what is left out show no length',
    settings: { mediaLimit: 20_000 },
    facts: [
      {
        it: 'leaves out what is larger than a person wants',
        live: false,
        see: lengths,
        is: { small: 1, large: 'none' },
      },
    ],
  },
  {
    site: 'dead-images',
    missing: ['gone.png', 'gone-too.png', 'gone-three.png', 'gone-four.png'].map(
      (name) => `/dead-images/${name}`,
    ),
    facts: [
      {
        it: 'leaves the words and the room of pictures that are gone',
        see: () =>
          [...document.images].map((img) => {
            const { width, height } = img.getBoundingClientRect();
            return [img.id, img.alt, Math.round(width), Math.round(height)];
          }),
      },
      { it: 'leaves how they are styled', green: '#styled' },
    ],
  },
]);
