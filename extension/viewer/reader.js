/**
 * The reader view: what of a page reads as an article, in a document of our own style. Mozilla's
 * Readability finds it; its thresholds count characters, of which Chinese needs far fewer than English.
 */
import { language, plural } from '../lib/i18n.js';
import { Readability } from '../vendor/readability.js';
import { look } from './look.js';
import { addStyle } from './marking.js';
import { all, bodyOf, documentOf, insides, make, parse, put, rootOf } from './nodes.js';

/**
 * Characters of an article: below the first, Readability looks again and takes in more of what stands
 * around; below the second it is none.
 */
const WANTED = { han: 100, other: 300 };
const LEAST = { han: 80, other: 250 };

/**
 * Readability counts no paragraph of fewer characters than this, which in Chinese is a whole sentence.
 * What has a few is lengthened with signs that show nothing, and made short again when it was found.
 */
const COUNTED = 25;
const FEW = 6;
const FILLER = '\u2060';

/** More elements than this are no article that anybody waits for. */
const MOST_ELEMENTS = 200_000;

/** Of a list of links more than this is in them. */
const MOST_LINKED = 0.6;

/** Read in a minute: characters of Chinese, words of other languages. */
const PACE = { han: 400, words: 220 };

/** Characters of Chinese and of its neighbours; the rest of a text is words. */
const HAN = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]/gu;
const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu;

const DROPPED =
  'script, style, link, meta, base, iframe, frame, object, embed, form > button, input, select, textarea, template';

/** @param {string} text */
function measure(text) {
  const han = text.match(HAN)?.length ?? 0;
  const words = text.replace(HAN, ' ').match(WORD) ?? [];
  const other = words.reduce((sum, { length }) => sum + length, 0);
  return { han, other, words: words.length };
}

/** @param {string} text */
function isEnough(text) {
  const { han, other } = measure(text);
  return han / LEAST.han + other / LEAST.other >= 1;
}

/**
 * @param {string} html - of a snapshot
 * @param {{ title: string, url: string, lang: string, taken: number }} snapshot
 * @returns {Document | null} without a style of its own; null where nothing reads as an article
 */
export function articleOf(html, snapshot) {
  const page = parse(html);
  prepare(page);
  const { han, other } = measure(bodyOf(page)?.textContent ?? '');
  lengthen(page);
  const heading = all(page, 'h1').map(textOf);
  try {
    const found = new Readability(page, {
      charThreshold: han * 2 > other ? WANTED.han : WANTED.other,
      maxElemsToParse: MOST_ELEMENTS,
      disableJSONLD: true,
      serializer: (/** @type {Element} */ element) => element,
    }).parse();
    const content = /** @type {HTMLElement | undefined} */ (found?.content);
    if (!content || !isEnough(textOf(content)) || isList(content)) {
      return null;
    }
    const title = titleOf(found.title, snapshot.title || snapshot.url, heading);
    const lang = found.lang || snapshot.lang;
    const { byline, dir, publishedTime } = found;
    return laidOut(content, { title, lang, dir, byline, publishedTime, url: snapshot.url });
  } catch {
    return null; // it is not made for every page there is
  }
}

/**
 * Names that would stand in the way of Readability, and shadows that it does not look into.
 *
 * @param {Document} page
 */
function prepare(page) {
  for (const named of all(page, '[name]:not(meta)')) {
    Element.prototype.removeAttribute.call(named, 'name');
  }
  for (const named of all(page, 'form [id], [form][id], object[id]')) {
    Element.prototype.removeAttribute.call(named, 'id');
  }
  for (const shadow of all(page, 'template[shadowrootmode]').reverse()) {
    const [content] = insides(/** @type {HTMLElement} */ (shadow));
    shadow.replaceWith(content);
  }
}

/** @param {Document} page */
function lengthen(page) {
  for (const each of all(page, 'p, td, div')) {
    const text = textOf(each);
    if (text.length < COUNTED && (text.match(HAN)?.length ?? 0) >= FEW) {
      put(each, new Text(FILLER.repeat(COUNTED - text.length)));
    }
  }
}

/** @param {Element} content */
function shorten(content) {
  const walker = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = /** @type {Text} */ (walker.currentNode);
    if (text.data.includes(FILLER)) {
      text.data = text.data.replaceAll(FILLER, '');
    }
  }
}

/** @param {Element} element */
function textOf(element) {
  return (element.textContent ?? '').replaceAll(FILLER, '').replace(/\s+/g, ' ').trim();
}

/** @param {HTMLElement} content */
function isList(content) {
  const linked = all(content, 'a[href]').reduce((sum, link) => sum + textOf(link).length, 0);
  return linked > textOf(content).length * MOST_LINKED;
}

/**
 * A title without the name of its site: the heading where it begins with that.
 *
 * @param {string} found
 * @param {string} whole
 * @param {string[]} headings
 */
function titleOf(found, whole, headings) {
  const heading = headings.find(
    (text) => text.length > 3 && (whole.startsWith(text) || found.startsWith(text)),
  );
  return heading ?? (found || whole);
}

/**
 * @param {HTMLElement} content
 * @param {{ title: string, lang: string, dir: string | null, byline: string | null,
 *   publishedTime: string | null, url: string }} about
 */
function laidOut(content, { title, lang, dir, byline, publishedTime, url }) {
  const page = parse(
    '<!DOCTYPE html><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
  );
  const root = /** @type {HTMLElement} */ (rootOf(page));
  const body = /** @type {HTMLElement} */ (bodyOf(page));
  root.lang = languageOf(lang, textOf(content));
  page.title = title;
  const article = make(page, 'article');
  article.dir = dir === 'rtl' || dir === 'ltr' ? dir : 'auto';
  const head = make(page, 'header');
  const facts = [byline, dayOf(publishedTime), timeOf(textOf(content))].filter(Boolean);
  put(head, line(page, 'p', 'site', new URL(url).hostname.replace(/^www\./, '')));
  put(head, line(page, 'h1', '', title), line(page, 'p', 'facts', facts.join(' · ')));
  put(article, head, cleaned(page.importNode(content, true), title));
  put(body, article);
  return page;
}

/**
 * What a page says of its language is often that of a template.
 *
 * @param {string} said
 * @param {string} text
 * @returns {string} empty where nobody knows
 */
function languageOf(said, text) {
  const { han, other } = measure(text);
  return han * 2 > other && !/^(?:zh|ja|ko|yue|wuu|hak|nan|lzh)\b/i.test(said) ? 'zh' : said;
}

/** @param {Document} page @param {string} name @param {string} kind @param {string} text */
function line(page, name, kind, text) {
  const element = make(page, name);
  element.className = kind;
  element.dir = 'auto';
  element.textContent = text;
  return element;
}

/** @param {string | null} published */
function dayOf(published) {
  const time = Date.parse(published ?? '');
  return Number.isNaN(time)
    ? ''
    : new Intl.DateTimeFormat(language, { dateStyle: 'long' }).format(time);
}

/** @param {string} text */
function timeOf(text) {
  const { han, words } = measure(text);
  return plural('readerTime', Math.max(1, Math.round(han / PACE.han + words / PACE.words)));
}

/**
 * What is left of a page's own wishes has no place in a document of ours.
 *
 * @param {HTMLElement} content
 * @param {string} title - stands above it already
 */
function cleaned(content, title) {
  shorten(content);
  all(content, DROPPED).forEach((each) => each.remove());
  const first = all(content, 'h1, h2').at(0);
  if (first && textOf(first) === title) {
    first.remove();
  }
  all(content, 'h1').forEach((heading) => {
    const lower = make(/** @type {Document} */ (documentOf(heading)), 'h2');
    lower.append(...heading.childNodes);
    heading.replaceWith(lower);
  });
  for (const each of [content, ...all(content, '*')]) {
    for (const { name } of [...each.attributes]) {
      if (
        /^on|^(style|class|ping|target|autoplay|autofocus|tabindex|contenteditable|accesskey)$/i.test(
          name,
        )
      ) {
        each.removeAttribute(name);
      }
    }
  }
  all(content, 'img').forEach((image) => {
    if (!/^data:/i.test(image.getAttribute('src') ?? '')) {
      image.remove();
    }
  });
  for (const link of all(content, 'a[href]')) {
    const href = link.getAttribute('href') ?? '';
    if (/^(?:https?|mailto|ftp):/i.test(href)) {
      link.setAttribute('target', '_blank');
      link.setAttribute('rel', 'noreferrer');
    } else if (!href.startsWith('#')) {
      link.removeAttribute('href');
    }
  }
  for (const table of all(content, 'table')) {
    const frame = make(/** @type {Document} */ (documentOf(table)), 'div');
    frame.className = 'wide';
    table.replaceWith(frame);
    frame.append(table);
  }
  return content;
}

/**
 * A copy of an article in the style that the person has chosen.
 *
 * @param {Document} article
 * @returns {Promise<Document>}
 */
export async function dressed(article) {
  const page = /** @type {Document} */ (article.cloneNode(true));
  const { face, ground, width } = look.shown;
  const root = /** @type {HTMLElement} */ (rootOf(page));
  Object.assign(root.dataset, { face, ground, width });
  addStyle(page, await styleText());
  return page;
}

/** @type {Promise<string> | null} */
let style = null;

function styleText() {
  style ??= fetch(new URL('article.css', import.meta.url)).then((answer) => answer.text());
  return style;
}
