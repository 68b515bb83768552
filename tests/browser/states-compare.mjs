/**
 * Compares trees as lists of tokens (states-kit.mjs) and what the eye sees of them (states-view.mjs).
 *
 * What safety takes away is no loss: it is taken from both sides, and nothing but what stands here.
 *
 * @typedef {import('./states-written.mjs').Token} Token
 * @typedef {import('./states-view.mjs').Seen} Seen
 */

/** Elements that run, load or send something: gone with all they hold. */
const UNSAFE_ELEMENTS = new Set([
  ...['html:script', 'svg:script', 'html:noscript', 'html:base', 'html:link', 'html:meta'],
  ...['html:embed', 'html:object', 'html:param', 'html:noembed', 'html:noframes', 'html:bgsound'],
]);

/** Elements whose children no browser shows or reads, and which parsers take for text. */
const EMPTIED_ELEMENTS = new Set(['html:iframe']);

/** Attributes that run, load or send something, and those by which the host takes that away. */
const UNSAFE_ATTRIBUTES = new Set([
  ...['action', 'formaction', 'method', 'target', 'rel', 'sandbox', 'contenteditable', 'srcdoc'],
  ...['autofocus', 'nonce', 'integrity', 'loading', 'ping'],
]);

/** By which rules about the state of an element (`:checked`, `:defined`) still meet it. */
const STATE_MARK = 'ls-is';

/** @param {[string, string]} attribute @returns {[string, string][]} */
function safeAttribute([name, value]) {
  if (UNSAFE_ATTRIBUTES.has(name) || name.startsWith('on') || name === STATE_MARK) {
    return [];
  }
  const isScript = /^(?:xlink:)?href$/.test(name) && /^\s*javascript:/i.test(value);
  // The host writes every url() that it has read with quotes.
  return [[name, isScript ? '#' : value.replace(/url\("([^"]*)"\)/g, 'url($1)')]];
}

/**
 * @param {Token[]} tokens
 * @returns {string[]} one line for each token, which can be compared
 */
export function safe(tokens) {
  /** @type {string[]} */
  const lines = [];
  let text = '';
  let leftOut = 0;
  const flush = () => {
    if (text !== '') {
      lines.push(JSON.stringify(text));
      text = '';
    }
  };
  for (const token of tokens) {
    if ('text' in token) {
      text += leftOut === 0 ? token.text : '';
      continue;
    }
    const name = 'open' in token ? token.open : token.close;
    if (UNSAFE_ELEMENTS.has(name)) {
      leftOut += 'open' in token ? 1 : -1;
      continue;
    }
    if ('close' in token && EMPTIED_ELEMENTS.has(name)) {
      leftOut--;
    }
    if (leftOut === 0) {
      flush();
      lines.push('open' in token ? start(name, token.attributes) : `</${name}>`);
    }
    if ('open' in token && EMPTIED_ELEMENTS.has(name)) {
      leftOut++;
    }
  }
  flush();
  return lines;
}

/** @param {string} name @param {[string, string][]} attributes */
function start(name, attributes) {
  // What a frame shows is a document of its own.
  const own = attributes.filter(([key]) => !(EMPTIED_ELEMENTS.has(name) && key === 'src'));
  const safe = own.flatMap(safeAttribute);
  return `<${name}${safe.map(([key, value]) => ` ${key}=${JSON.stringify(value)}`).join('')}>`;
}

/** @param {string} text */
const short = (text) => (text.length > 120 ? `${text.slice(0, 120)}…` : text);

/**
 * @param {string[]} expected
 * @param {string[]} actual
 * @returns {string} the first difference, '' when there is none
 */
export function treeDifference(expected, actual) {
  const length = Math.max(expected.length, actual.length);
  for (let i = 0; i < length; i++) {
    if (expected[i] !== actual[i]) {
      return `${short(expected[i] ?? 'the end')} became ${short(actual[i] ?? 'the end')}`;
    }
  }
  return '';
}

/**
 * @param {Seen[]} expected
 * @param {Seen[]} actual
 * @returns {string} the first difference that the eye can tell, '' when there is none
 */
export function lookDifference(expected, actual) {
  const length = Math.max(expected.length, actual.length);
  for (let i = 0; i < length; i++) {
    const [a, b] = [expected[i], actual[i]];
    if (!a || !b || !isAlike(a, b)) {
      const pair = [a, b].map((each) => (each ? short(describe(each)) : 'nothing'));
      return `${pair[0]} looks like ${pair[1]}`;
    }
  }
  return '';
}

/** @param {Seen} seen */
function describe({ kind, text, look, boxes }) {
  return `${kind} ${JSON.stringify(text.slice(0, 30))} at ${JSON.stringify(boxes.slice(0, 2))} ${look}`;
}

/** @param {Seen} a @param {Seen} b */
function isAlike(a, b) {
  return (
    a.kind === b.kind &&
    a.text === b.text &&
    a.look === b.look &&
    a.boxes.length === b.boxes.length &&
    a.boxes.every((box, i) => box.every((each, k) => Math.abs(each - b.boxes[i][k]) <= 1))
  );
}
