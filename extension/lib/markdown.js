/**
 * Markdown as elements. It is cut into tokens by markdowntokens.js and drawn here, so that no text ever
 * becomes markup: HTML in it is shown as it was typed, and pictures as links, since nothing is fetched.
 */
import { el } from './dom.js';
import { markdownTokens } from './markdowntokens.js';

/** What is nested deeper is shown as it was typed. */
const DEPTH = 16;

/** The first level of headings. */
const TOP = 3;

/** @typedef {any} Token - of the module, which has no types here */

/**
 * @param {string} text
 * @returns {Node[]}
 */
export function markdown(text) {
  try {
    const tokens = markdownTokens(text);
    rank(tokens);
    return blocks(tokens, 0);
  } catch {
    // Some marks, nested in each other by the thousand, are more than the module can follow.
    return [el('p', { class: 'md-raw' }, text)];
  }
}

/**
 * The page's own headings stand above those of a note, and none of these is more than one below the
 * one before it, whatever a person has typed.
 *
 * @param {Token[]} tokens
 */
function rank(tokens) {
  const headings = tokens.filter(({ type }) => type === 'heading');
  const highest = Math.min(...headings.map(({ depth }) => depth));
  let last = TOP - 1;
  for (const heading of headings) {
    last = Math.min(heading.depth - highest + TOP, last + 1, 6);
    heading.level = last;
  }
}

/**
 * @param {Token[]} tokens
 * @param {number} depth
 * @returns {Node[]}
 */
function blocks(tokens, depth) {
  if (depth > DEPTH) {
    return tokens.map(({ raw }) => document.createTextNode(raw));
  }
  return tokens.flatMap((token) => block(token, depth + 1) ?? []);
}

/**
 * @param {Token} token
 * @param {number} depth
 * @returns {Node | Node[] | null}
 */
function block(token, depth) {
  switch (token.type) {
    case 'heading':
      // One in a list or a quotation is no heading of the note.
      return el(token.level ? `h${token.level}` : 'p', {}, ...inline(token.tokens, depth));
    case 'paragraph':
      return el('p', {}, ...inline(token.tokens, depth));
    case 'text':
      return inline(token.tokens ?? [token], depth);
    case 'blockquote':
      return el('blockquote', {}, ...blocks(token.tokens, depth));
    case 'code':
      return el('pre', { tabindex: '0' }, el('code', {}, token.text));
    case 'hr':
      return el('hr');
    case 'list':
      return list(token, depth);
    case 'table':
      return table(token, depth);
    case 'space':
    case 'def':
      return null;
    case 'html':
      return el('p', {}, token.raw.trim());
    default:
      return inline([token], depth);
  }
}

/**
 * @param {Token} token
 * @param {number} depth
 */
function list({ items, ordered, start }, depth) {
  const lines = items.map((/** @type {Token} */ { checked, task, tokens }) => {
    const box = task ? el('span', { class: 'md-task' }, checked ? '☑ ' : '☐ ') : null;
    const body = blocks(
      tokens.filter((/** @type {Token} */ { type }) => type !== 'checkbox'),
      depth,
    );
    return el('li', task ? { class: 'md-tasked' } : {}, box, ...body);
  });
  const first = ordered && start > 1 ? start : null;
  return el(ordered ? 'ol' : 'ul', { start: first }, ...lines);
}

/**
 * @param {Token} token
 * @param {number} depth
 */
function table({ header, rows }, depth) {
  /** @param {Token[]} cells @param {string} tag */
  const row = (cells, tag) =>
    el(
      'tr',
      {},
      ...cells.map(({ align, tokens }) => {
        const cell = el(tag, {}, ...inline(tokens, depth));
        cell.style.textAlign = align ?? '';
        return cell;
      }),
    );
  const head = el('thead', {}, row(header, 'th'));
  const body = el('tbody', {}, ...rows.map((/** @type {Token[]} */ cells) => row(cells, 'td')));
  return el('div', { class: 'md-table', tabindex: '0' }, el('table', {}, head, body));
}

/**
 * @param {Token[]} tokens
 * @param {number} depth
 * @returns {Node[]}
 */
function inline(tokens, depth) {
  if (depth > DEPTH) {
    return tokens.map(({ raw }) => document.createTextNode(raw));
  }
  return tokens.map((token) => span(token, depth + 1));
}

/**
 * @param {Token} token
 * @param {number} depth
 * @returns {Node}
 */
function span(token, depth) {
  switch (token.type) {
    case 'strong':
    case 'em':
    case 'del':
      return el(token.type, {}, ...inline(token.tokens, depth));
    case 'codespan':
      return el('code', {}, token.text);
    case 'br':
      return el('br');
    case 'link':
      return link(token.href, inline(token.tokens, depth));
    case 'image':
      return link(token.href, [document.createTextNode(token.text || token.href)]);
    case 'text':
      return token.tokens
        ? el('span', {}, ...inline(token.tokens, depth))
        : document.createTextNode(token.text);
    case 'escape':
      return document.createTextNode(token.text);
    default:
      return document.createTextNode(token.raw);
  }
}

/**
 * @param {string} href
 * @param {Node[]} words
 */
function link(href, words) {
  if (!/^(?:https?|mailto):/i.test(href)) {
    return el('span', {}, ...words);
  }
  const away = { target: '_blank', rel: 'noreferrer noopener' };
  return el('a', { href, title: href, ...away }, ...words);
}
