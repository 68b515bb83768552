/** What stands in the library of the screens: pages as people keep them, and those that strain a layout. */
import { failure, kindOf } from './ui-pages.mjs';
import { TAB, saved } from './ui-harness.mjs';

const DAY = 86_400_000;

/** @param {string} svg */
const picture = (svg) => `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;

const COLOURS = ['#cc5952', '#3281c4', '#2f8f5b', '#8a5fbf', '#b7791f', '#0f6e68'];

/** A page, very small. @param {number} n */
function thumbnail(n) {
  const colour = COLOURS[n % COLOURS.length];
  const lines = Array.from(
    { length: 7 },
    (_, i) =>
      `<rect x="24" y="${92 + i * 14}" width="${n % 3 ? 150 + ((n * 37 + i * 53) % 110) : 120}" height="6" rx="3" fill="#c9cac3"/>`,
  ).join('');
  const image = n % 3 ? '' : `<circle cx="236" cy="132" r="40" fill="${colour}" opacity=".5"/>`;
  return picture(
    `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="200"><rect width="320" height="200" fill="#fdfdfb"/>` +
      `<rect width="320" height="30" fill="${colour}"/><rect x="24" y="50" width="${130 + ((n * 41) % 120)}" height="16" rx="3" fill="#1a1d1c"/>` +
      `${lines}${image}</svg>`,
  );
}

/** @param {number} n @param {string} letter */
const favicon = (n, letter) =>
  picture(
    `<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32"><rect width="32" height="32" rx="7" fill="${COLOURS[n % COLOURS.length]}"/>` +
      `<text x="16" y="23" font-size="19" text-anchor="middle" fill="#fff" font-family="sans-serif">${letter}</text></svg>`,
  );

/** @type {[title: string, site: string, tags: string[], more?: object][]} */
const KEPT = [
  [
    '链接会断，快照还在',
    'guangming.example',
    ['读书', '存档/旧网页'],
    { versions: 4, highlights: 3 },
  ],
  [
    'The Web Was Never Meant to Last',
    'longreads.example',
    ['web/archiving'],
    { note: 'For the talk' },
  ],
  ['SQLite 全文检索：从倒排索引到中文分词', 'db.example', ['数据库', '搜索'], { versions: 2 }],
  ['How B-Trees Work, with Pictures', 'notes.example', ['数据库'], { highlights: 12 }],
  ['灯下读书记：夜航船里的四书五经', 'guangming.example', ['读书']],
  ['A Field Guide to Rust Ownership', 'crab.example', ['programming/rust']],
  [
    '城市漫步 · 在老厂房里找一间咖啡馆',
    'walk.example',
    ['旅行'],
    { state: 'incomplete', failed: 3 },
  ],
  ['Typography for Chinese and English, Side by Side', 'letters.example', ['design', '字形']],
  ['宫保鸡丁的三种做法', 'kitchen.example', ['厨房'], { note: '第二种更香，糖少放一半。' }],
  ['RFC 9110: HTTP Semantics', 'rfc.example', ['web', '标准'], { kind: 'pdf' }],
  ['儿童图书馆周末活动：一起做一本书', 'guangming.example', ['孩子'], { versions: 3 }],
  ['The Quiet Joy of Small Tools', 'longreads.example', ['programming']],
  ['苏州园林里的窗', 'walk.example', ['旅行', '建筑']],
  ['Measuring What the Browser Paints', 'perf.example', ['web/performance']],
  ['从零写一个解析器', 'notes.example', ['programming']],
  ['为什么我们需要离线的网', 'guangming.example', ['存档/旧网页']],
  ['Winter Birds of the Northern Lakes', 'birds.example', ['自然']],
  ['量子计算入门（上）', 'science.example', ['科学']],
];

/** A library as people have it. */
export const LIBRARY = KEPT.map(([title, site, tags, more], i) =>
  saved(i + 1, {
    title,
    site,
    tags,
    url: `https://${site}/articles/${i + 1}`,
    saved: Date.now() - (i * i * 0.9 + i) * DAY - 3_600_000,
    bytes: 240_000 + ((i * 7_919_231) % 5_000_000),
    assets: 8 + ((i * 13) % 60),
    lang: /[一-鿿]/.test(title) ? 'zh' : 'en',
    icon: i % 3 === 1 ? '' : favicon(i, title[0]),
    ...more,
  }),
);

/** @type {Record<number, string>} */
export const THUMBNAILS = Object.fromEntries(
  LIBRARY.filter((_, i) => i % 5 !== 4).map(({ snapshot }, i) => [snapshot, thumbnail(i)]),
);

export const TAG_COLOURS = { 读书: '#cc5952', 数据库: '#3281c4', web: '#0f6e68', 旅行: '#b7791f' };

/** Titles, tags, notes, addresses that strain a layout. */
export const HARD = [
  saved(41, { title: 'An exceedingly long title without end '.repeat(12).trim(), versions: 128 }),
  saved(42, {
    title: `Pneumono${'ultramicroscopicsilico'.repeat(12)}volcanoconiosis`,
    site: `${'a-very-long-label.'.repeat(8)}example`,
    url: `https://${'a-very-long-label.'.repeat(8)}example/${'x'.repeat(300)}?q=${'1'.repeat(100)}`,
    bytes: 987_654_321_098,
    assets: 123_456,
  }),
  saved(43, {
    title: '没有空格也没有标点的很长很长的标题'.repeat(10),
    tags: ['很长的标签'.repeat(10)],
  }),
  saved(44, { title: 'أرشفة الويب: لماذا تختفي الروابط وكيف نحتفظ بها', tags: ['عربي', 'שלום'] }),
  saved(45, { title: 'שלום עולם (2026) – part 1/2', note: 'הערה קצרה, with English' }),
  saved(46, { title: '👩‍👩‍👧‍👦🏳️‍🌈🇨🇳 Emoji 🎉🎉🎉 everywhere 🧑🏽‍💻', tags: ['🎉', '👩‍💻/🧪'] }),
  saved(47, {
    title: 'Many tags',
    tags: Array.from({ length: 24 }, (_, i) => `tag-number-${i}/below/and-below`),
    note: 'A note that goes on and on, and says the same again. '.repeat(20),
  }),
  saved(48, { title: '', url: 'https://example.net/' }),
  saved(49, {
    title: 'Z̷̢a̶l̸g̵o̴ T̶e̷x̵t̸ <b>not bold</b> &amp; "quoted" \u202eoverride',
    highlights: 2000,
  }),
];

export const PAGES = [
  saved(1, { tags: ['读书', 'web', 'a', 'b'], versions: 3 }),
  saved(2, { state: 'incomplete', failed: 2, url: TAB.url, tags: ['web'], note: 'A note' }),
  saved(3, { state: 'pending', title: 'أرشفة الويب', tags: ['عربي'] }),
  saved(4, { title: '', url: 'https://example.net/' }),
];

/** Few pages, and whatever a search may propose. */
export const FOUND = {
  pages: PAGES,
  tab: { id: 5, url: 'https://example.org/other', title: 'x' },
  colours: { web: '#3281c4', 读书: '#cc5952' },
  suggested: ['读书', 'web'],
  unused: ['old'],
  spelling: 'Page',
  pinyin: { gm: [1] },
};

/** The library that one shows to friends. */
export const SHOWN = {
  pages: LIBRARY,
  thumbnails: THUMBNAILS,
  colours: TAG_COLOURS,
  suggested: ['读书', '存档/旧网页'],
};

export const STRAINED = { pages: HARD, tab: { ...TAB, title: 'W'.repeat(500) } };

export const NO_HOST = { host: 'Specified native messaging host not found.' };

export const READONLY = {
  pages: PAGES,
  store: { state: 'readonly', error: { name: 'store_full' }, path: '/home/li/linksnap.db' },
};

export const MANY_LINKS = 'javascript:alert(1) https://example.com/1 https://example.com/b/c/d';

const job = { kind: 'tab', tabId: TAB.id, url: TAB.url };

/** A save, in some state. @param {object} more */
export const saveOf = (more) => ({
  'save:x': { id: 'x', job, worker: '', started: 1, progress: { stage: 'start' }, ...more },
});

/** What a save that is done says. */
export const RESULT = {
  page: 2,
  snapshot: 200,
  version: 2,
  state: 'incomplete',
  assets: { total: 43, stored: 42, reused: 5, failed: 1 },
  failures: [failure('image', 'https://cdn.example/a.png', 'timeout')],
  bytes: 1000,
  ms: 1,
};

/** Highlights of a few pages, in each colour; some with notes. */
export const HIGHLIGHTS = [
  [1, 'yellow', '链接会断，快照还在。', '开头就点题'],
  [1, 'green', '一张快照不是一张截图：文字还是文字，能选，能搜，能读出声来。', ''],
  [1, 'pink', 'what is kept must be what was seen', 'Quote **this** in the talk.'],
  [2, 'blue', 'The average life of a link is shorter than that of a hamster.', ''],
  [4, 'purple', 'A page is a promise about locality.', 'Check against §4'],
  [44, 'yellow', 'لماذا تختفي الروابط', ''],
  [41, 'green', 'It goes on and on and on. '.repeat(40), 'And so does the note. '.repeat(30)],
].map(([page, colour, quote, note], i) => ({
  highlight: i + 1,
  page: Number(page),
  snapshot: Number(page) * 100,
  version: 1,
  title: [...LIBRARY, ...HARD].find((one) => one.page === page)?.title ?? '',
  made: Date.now() - i * 5 * DAY,
  changed: Date.now() - i * 5 * DAY,
  quote,
  prefix: '',
  suffix: '',
  place: 10 * i,
  colour,
  note,
}));

const MiB = 1_048_576;

/** A library of some years, counted. */
export const STATISTICS = {
  pages: 1284,
  trashed: 12,
  snapshots: 1731,
  highlights: 412,
  tags: 96,
  bytes: { file: 1900 * MiB, stored: 1804 * MiB, unpacked: 3130 * MiB, referenced: 9420 * MiB },
  kinds: [
    ['image', 21_400, 1810, 1640],
    ['document', 1731, 420, 61],
    ['style', 3120, 260, 38],
    ['font', 840, 190, 61],
    ['media', 12, 410, 0.5],
    ['text', 1731, 40, 4],
  ].map(([kind, count, unpacked, stored]) => ({
    kind,
    count,
    bytes: Number(unpacked) * MiB,
    stored: Number(stored) * MiB,
  })),
  months: Array.from({ length: 30 }, (_, i) => {
    const at = new Date(2024, 5 + i, 1);
    const pages = Math.round(30 + 25 * Math.sin(i / 3) + ((i * 17) % 23));
    return {
      month: `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}`,
      pages,
      snapshots: pages + ((i * 5) % 19),
      bytes: (pages + ((i * 11) % 30)) * 1.4 * MiB,
    };
  }).filter((_, i) => i % 9 !== 7),
  largest: [...LIBRARY, ...HARD].slice(0, 20).map(({ page, title, site }, i) => ({
    page,
    title,
    site,
    bytes: (60 - i * 2.7) * MiB,
  })),
  sites: [...new Set([...LIBRARY, ...HARD].map(({ site }) => site))]
    .slice(0, 20)
    .map((site, i) => ({
      site,
      pages: 140 - i * 8,
      bytes: (400 - i * 22) * MiB,
    })),
  states: { complete: 1201, incomplete: 79, pending: 4 },
  health: { ok: 903, moved: 41, changed: 66, gone: 58, error: 12, walled: 30, unchecked: 174 },
};

/** A new library, counted. */
export const STATISTICS_EMPTY = {
  pages: 0,
  trashed: 0,
  snapshots: 0,
  highlights: 0,
  tags: 0,
  bytes: { file: 200_704, stored: 0, unpacked: 0, referenced: 0 },
  kinds: [],
  months: [],
  largest: [],
  sites: [],
  states: { complete: 0, incomplete: 0, pending: 0 },
  health: { ok: 0, moved: 0, changed: 0, gone: 0, error: 0, walled: 0, unchecked: 0 },
};

const finding = (
  /** @type {string} */ level,
  /** @type {string} */ name,
  values = [''],
  remedy = '',
) => ({
  level,
  name,
  values,
  text: `${name} of the host, in its own words`,
  remedy,
});

/** What a host finds of itself. */
export const DIAGNOSIS = {
  level: 'bad',
  findings: [
    finding('ok', 'store_ready', ['/home/li/.local/share/linksnap/linksnap.db', '120']),
    finding('warn', 'disk_low', ['120000000'], 'Make room on the disk.'),
    finding('bad', 'something_new', ['x'], 'Do something about it.'),
  ],
};

/** @param {string} ref @param {string} name @param {number} bytes */
const asset = (ref, name, bytes) => ({
  ref: ref.repeat(32),
  url: `https://guangming.example/img/${name}`,
  kind: 'image',
  media_type: 'image/png',
  bytes,
});

/** A page with versions that differ. */
export const VERSIONED = {
  pages: [
    saved(1, {
      ...LIBRARY[0],
      versions: 4,
      state: 'incomplete',
      failed: 2,
      assets: 43,
      note: '# 讲稿\n\n- 链接的**平均寿命**\n- [来源](https://example.com/source)\n\n> 存下来的才是自己的。\n\n`curl -I`',
      kinds: [kindOf('image', 38, 1_200_000, { failed: 2 }), kindOf('style', 3, 84_000)],
    }),
    ...LIBRARY.slice(1),
  ],
  highlights: HIGHLIGHTS,
  thumbnails: THUMBNAILS,
  colours: TAG_COLOURS,
  versionTexts: {
    100: '链接会断，快照还在\n\n光明图书馆今天上架了新书。\n一张快照不是一张截图：文字还是文字。\nThe quick brown fox jumps over the lazy dog.\n共有 2046 张快照。\n\n读者来信',
    99: '链接会断，快照还在\n\n光明图书馆昨天上架了旧书。\n一张快照不是一张截图：文字还是文字。\nThe quick red fox jumped over the lazy dog.\n共有 1998 张快照。\n\n读者来信\n一封已经删去的信。',
  },
  compared: {
    added: [asset('aa', 'new.png', 12_000)],
    gone: [asset('bb', 'old.png', 34_000)],
    changed: [{ ...asset('cc', 'logo.png', 1200), was: 'dd'.repeat(32) }],
    more: false,
  },
};
