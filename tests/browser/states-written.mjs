/**
 * Reads the HTML of a snapshot as it is written: a start tag opens, its end tag closes, nothing is
 * moved, closed or added as a parser would. So it shows the host's tree. Takes the host's own way of
 * writing only.
 *
 * @typedef {{ text: string } | { open: string, attributes: [string, string][] } | { close: string }} Token
 */
const PART =
  /<!--[\s\S]*?-->|<!DOCTYPE[^>]*>|<\/([^\s>]+)>|<([^\s/>]+)((?: [^\s=>"/]+(?:="[^"]*")?)*)>|[^<]+|</giu;
const ATTRIBUTE = / ([^\s=>"/]+)(?:="([^"]*)")?/gu;
const VOID = new Set(
  'area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr'.split(
    ' ',
  ),
);
const HTML_INSIDE = new Set([
  ...['svg:foreignObject', 'svg:desc', 'svg:title', 'math:mi', 'math:mo', 'math:mn', 'math:ms'],
  'math:mtext',
]);

/** @type {Record<string, string>} */
const REFERENCES = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: '\u00A0' };

/** @param {string} text */
function decode(text) {
  return text.replace(/&(?:#(\d+)|([a-z]+));/g, (whole, number, name) =>
    number ? String.fromCodePoint(Number(number)) : (REFERENCES[name] ?? whole),
  );
}

/**
 * @param {string} name
 * @param {string} parent - with its namespace
 */
function qualify(name, parent) {
  if (name === 'svg' || name === 'math') {
    const isInside = parent.startsWith('svg:') && !HTML_INSIDE.has(parent) && name === 'math';
    return isInside ? `svg:${name}` : `${name}:${name}`;
  }
  const [namespace] = parent.split(':');
  return namespace === 'html' || namespace.startsWith('#') || HTML_INSIDE.has(parent)
    ? `html:${name}`
    : `${namespace}:${name}`;
}

/**
 * What stands inside of the element with the id `box`.
 *
 * @param {string} html
 * @returns {Token[]}
 */
export function writtenTokens(html) {
  /** @type {Token[]} */
  const list = [];
  const stack = ['html:'];
  let depth = 0;
  let isRaw = false;
  let isFirst = false;
  for (const [part, end, start, attributeText] of html.matchAll(PART)) {
    if (isRaw && end !== 'style') {
      addText(list, part, depth);
      continue;
    }
    isRaw = false;
    if (end === 'form' && !String(stack.at(-1)).endsWith(':form')) {
      // Lets another form begin inside of one that is open; closes nothing.
    } else if (end) {
      const name = String(stack.pop());
      if (name !== `#${end}` && !name.endsWith(`:${end}`) && !name.startsWith('#shadow')) {
        throw new Error(`</${end}> closes ${name}`);
      }
      if (depth > 0 && stack.length < depth) {
        return list;
      }
      if (depth > 0) {
        list.push({ close: name });
      }
    } else if (start) {
      /** @type {[string, string][]} */
      let attributes = [...attributeText.matchAll(ATTRIBUTE)].map(([, name, value]) => [
        name,
        decode(value ?? ''),
      ]);
      let name = qualify(start, String(stack.at(-1)));
      const mode = attributes.find(([each]) => each === 'shadowrootmode');
      if (name === 'html:template' && mode) {
        name = `#shadow ${mode[1]}`;
        attributes = [];
      }
      if (depth > 0) {
        attributes.sort(([a], [b]) => (a < b ? -1 : 1));
        list.push({ open: name, attributes });
      }
      if (name.startsWith('html:') && VOID.has(start)) {
        if (depth > 0) {
          list.push({ close: name });
        }
        continue;
      }
      stack.push(name);
      isRaw = name === 'html:style';
      isFirst = ['html:pre', 'html:textarea', 'html:listing'].includes(name);
      if (attributes.some(([each, value]) => each === 'id' && value === 'box') && depth === 0) {
        depth = stack.length;
      }
      continue;
    } else if (!/^<[!]/.test(part)) {
      addText(list, decode(isFirst ? part.replace(/^\n/, '') : part), depth);
    }
    isFirst = false;
  }
  throw new Error('the box does not end');
}

/**
 * @param {Token[]} list
 * @param {string} text
 * @param {number} depth
 */
function addText(list, text, depth) {
  const last = /** @type {any} */ (list.at(-1));
  if (depth === 0 || text === '') {
    return;
  }
  if (typeof last?.text === 'string') {
    last.text += text;
  } else {
    list.push({ text });
  }
}
