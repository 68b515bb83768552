/** Documents of every kind: XHTML, quirks, old character sets; and those that the host fetches. */
import { features } from './features.mjs';

const texts = () => [
  document.title,
  document.getElementById('text')?.textContent,
  document.documentElement.lang,
  getComputedStyle(/** @type {Element} */ (document.getElementById('text')), '::after').content,
];

/** @type {[page: string, seen: unknown[]][]} */
const ENCODINGS = [
  ['gbk', ['链接快照', '绿色的方块', 'zh', '"绿色的方块"']],
  ['gbk-header', ['链接快照', '绿色的方块', 'zh', '"绿色的方块"']],
  ['big5', ['連結快照', '綠色的方塊', 'zh-Hant', '"綠色的方塊"']],
  ['shift-jis', ['リンクの写し', '緑の四角', 'ja', '"緑の四角"']],
  ['euc-jp', ['リンクの写し', '緑の四角', 'ja', '"緑の四角"']],
  ['utf-16le', ['链接快照', '绿色的方块', 'zh', '"绿色的方块"']],
  ['utf-16be', ['链接快照', '绿色的方块', 'zh', '"绿色的方块"']],
  ['latin-1', ['Grüße', 'größer', 'de', '"größer"']],
  ['utf-8', ['链接快照', '绿色的方块', 'zh', '"绿色的方块"']],
];

/** The browser reads them all the same way; these are enough to see that the host hears of it. */
const LIVE = ['gbk', 'shift-jis', 'utf-16le', 'latin-1'];

/** @param {boolean} link */
const encodings = (link) =>
  ENCODINGS.filter(([page]) => link || LIVE.includes(page)).map(([page, is]) => ({
    site: 'encodings',
    page: link ? `${page}?link` : page,
    title: `${page}${link ? ', fetched' : ''}`,
    link,
    facts: [
      {
        it: 'is read as it was meant',
        see: texts,
        is,
        ...(link ? { live: /** @type {false} */ (false) } : {}),
      },
      {
        it: 'is styled by names in its sheet',
        green: '#box',
        ...(link ? { live: /** @type {false} */ (false) } : {}),
      },
    ],
  }));

const shown = async () => {
  const found = /** @type {Record<string, string>} */ ({});
  for (const img of document.images) {
    await img.decode().catch(() => {});
    const canvas = document.createElement('canvas');
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    if (img.naturalWidth > 1) {
      context.drawImage(img, 0, 0, 9, 9);
    }
    // The twin gives way to the one in <noscript>.
    if (img.id !== 'twin') {
      found[img.id] = context.getImageData(4, 4, 1, 1).data.slice(0, 3).join(',');
    }
  }
  return found;
};

features('documents', [
  {
    site: 'xhtml',
    page: 'index.xhtml',
    looks: 'HTML has no case: a rule for "Div" meets what it did not meet in XHTML',
    facts: [
      { it: 'shows XHTML with its CDATA, prefixes and sheets', green: '.box' },
      {
        it: 'keeps its text',
        see: () =>
          ['entities', 'case', 'inner'].map((id) => document.getElementById(id)?.textContent),
      },
      {
        it: 'lays out what HTML has no words for: a paragraph in another',
        see: () =>
          ['bare', 'inner', 'math'].map((id) => {
            const element = /** @type {Element} */ (document.getElementById(id));
            const { x, y, width, height } = element.getBoundingClientRect();
            return [x, y, width, height].map(Math.round);
          }),
      },
      { it: 'keeps its title', see: () => document.title, is: 'XHTML & its ways' },
    ],
  },
  {
    site: 'quirks',
    facts: [
      { it: 'stays in quirks mode', see: () => document.compatMode, is: 'BackCompat' },
      { it: 'shows what only quirks allow', green: '#full, #case, #unitless' },
      {
        it: 'lays out as quirks do',
        see: () =>
          ['full', 'cell', 'image', 'shrunk', 'first'].map((id) => {
            const element = /** @type {Element} */ (document.getElementById(id));
            const { y, width, height } = element.getBoundingClientRect();
            return [id, y, width, height, getComputedStyle(element).fontSize];
          }),
      },
    ],
  },
  {
    site: 'limited-quirks',
    facts: [
      {
        it: 'lays out cells of pictures as it did',
        see: () => document.getElementById('cell')?.getBoundingClientRect().height,
        is: 40,
      },
    ],
  },
  ...encodings(false),
  ...encodings(true),
  {
    site: 'link-pages',
    link: true,
    facts: [
      { it: 'resolves by <base>, and follows sheets', live: false, green: '#sheet, #image' },
      { it: 'shows what a browser would choose', live: false, green: '#chosen, #picture' },
      { it: 'fetches frames and objects', live: false, green: '#frame, #srcdoc, #object' },
      { it: 'knows SVG and declared shadow roots', live: false, green: '#svg, #host' },
      {
        it: 'builds the tree that a browser builds',
        live: false,
        see: () => [
          document.querySelector('#table > tbody > tr > td > p')?.textContent?.trim(),
          document.querySelector('#outer #after'),
          document.querySelector('#b + i')?.textContent,
          document.querySelector('svg')?.viewBox.baseVal.width,
        ],
        is: ['cell', null, 'italic', 10],
      },
      {
        it: 'keeps what is there without scripts, and nothing that scripts would write',
        live: false,
        see: () => [
          document.getElementById('noscript')?.innerText,
          document.getElementById('written') === null,
        ],
        is: ['no script ran', true],
      },
      {
        it: 'leaves it in standards mode',
        live: false,
        see: () => document.compatMode,
        is: 'CSS1Compat',
      },
    ],
  },
  {
    site: 'lazy',
    page: 'unscripted.html',
    title: 'lazy, fetched',
    link: true,
    facts: [
      {
        it: 'promotes pictures that wait for a script',
        live: false,
        see: shown,
        is: Object.fromEntries(
          'native data-src original lazy-src srcset picture twin-noscript only-noscript'
            .split(' ')
            .map((id) => [id, '0,128,0']),
        ),
      },
      {
        it: 'promotes backgrounds, and styles for those without scripts',
        live: false,
        green: '#background, #styled',
      },
      {
        it: 'keeps what is in <noscript>',
        live: false,
        see: () => [
          document.getElementById('noscript')?.innerText,
          document.getElementById('script')?.innerText ?? '',
        ],
        is: ['no script ran, and this is read', ''],
      },
    ],
  },
]);
