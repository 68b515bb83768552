/**
 * `ls` in the address bar: an address is saved, words are searched for as they are typed. What is
 * chosen there opens in the viewer; words of which nothing was chosen open in the library.
 */
import { addressIn } from '../lib/address.js';
import { api } from '../lib/api.js';
import { t } from '../lib/i18n.js';
import { LIMITS } from '../lib/protocol.js';
import { clip } from '../lib/text.js';
import { viewerPath } from '../lib/viewerlink.js';
import { IdleHost } from './idlehost.js';
import { wordsReady } from './words.js';

/** @typedef {import('../lib/protocol.js').Page} Page */

const HITS = 6;

/** How long a person who types is waited for. */
const TYPING_MS = 120;

/** How long the host stays after a question. */
const IDLE_MS = 15_000;

/** What a hit puts into the address bar: its snapshot, and what was typed, to be marked in it. */
const CHOSEN = /^snapshot:(\d+)(?:\s+(.*))?$/s;

/** What no text for people holds, and XML cannot. */
const CONTROLS = /[\p{Cc}\p{Cs}\uFFFE\uFFFF]+/gu;

/** @type {Record<string, string>} */
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

const host = new IdleHost(IDLE_MS);

/** Counts what was typed: an answer to what stood there before is dropped. */
let typed = 0;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/**
 * @param {(job: import('../lib/saves.js').LinkJob) => void} save
 */
export function startOmnibox(save) {
  // Browsers on phones have none.
  api.omnibox?.onInputChanged.addListener(suggest);
  api.omnibox?.onInputEntered.addListener(async (text, disposition) => {
    clearTimeout(timer);
    typed += 1;
    const [, chosen, words = ''] = CHOSEN.exec(text.trim()) ?? [];
    const url = addressIn(text);
    if (chosen) {
      open(viewerPath(Number(chosen), words), disposition);
    } else if (url) {
      save({ kind: 'link', url, tabId: await activeTab() });
    } else {
      open(`library/library.html?q=${encodeURIComponent(text.trim())}`, disposition);
    }
  });
}

/**
 * @param {string} text
 * @param {(results: chrome.omnibox.SuggestResult[]) => void} show
 */
async function suggest(text, show) {
  clearTimeout(timer);
  typed += 1;
  const mine = typed;
  await wordsReady();
  if (mine !== typed) {
    return;
  }
  const url = addressIn(text);
  const line = url ? t('omniboxSave', url) : t('omniboxSearch', text.trim());
  // Firefox shows the line that was set when the letter before this one was typed: it names nothing.
  const description = isText() ? t('omniboxEither') : plain(line);
  api.omnibox.setDefaultSuggestion({ description });
  const query = clip(text.trim(), LIMITS.query);
  if (!query || /^https?:/i.test(query)) {
    show([]);
    return;
  }
  timer = setTimeout(async () => {
    try {
      const { pages } = await host.request('pages.search', { query, limit: HITS });
      if (mine === typed) {
        show(pages.map((/** @type {Page} */ page) => suggestion(page, query)));
      }
    } catch {
      // Enter opens the library, which says what is the matter.
    }
  }, TYPING_MS);
}

/**
 * @param {Page} page
 * @param {string} query - that found it
 * @returns {chrome.omnibox.SuggestResult}
 */
function suggestion({ snapshot, title, title_spans: spans, url, site }, query) {
  const named = title.trim() !== '';
  const parts = named && spans?.length ? spans : [named ? title : url];
  const marked = parts.map((part, i) => (i % 2 ? styled('match', part) : plain(part))).join('');
  const content = `snapshot:${snapshot} ${query}`;
  return { content, description: `${marked} – ${styled('dim', site)}` };
}

/** Firefox takes text, Chromium XML. */
const isText = () => 'getBrowserInfo' in api.runtime;

/** @param {string} text */
function plain(text) {
  const clean = text.replace(CONTROLS, ' ');
  return isText() ? clean : clean.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/**
 * @param {'match' | 'dim'} style
 * @param {string} text
 */
function styled(style, text) {
  return isText() ? plain(text) : `<${style}>${plain(text)}</${style}>`;
}

/**
 * @param {string} path
 * @param {string} disposition
 */
function open(path, disposition) {
  const url = api.runtime.getURL(path);
  if (disposition === 'currentTab') {
    api.tabs.update({ url });
  } else {
    api.tabs.create({ url, active: disposition !== 'newBackgroundTab' });
  }
}

/** @returns {Promise<number | undefined>} where the badge is shown */
async function activeTab() {
  const [tab] = await api.tabs.query({ active: true, lastFocusedWindow: true });
  return tab?.id;
}
