/**
 * The page walker, first part: text as safe XML (host/PROTOCOL.md, "The wire document").
 *
 * The files of this folder are injected into pages in the order of FILES in background/capture.js,
 * as plain scripts in the extension's own world, which a page's scripts cannot reach. They share
 * one object, assigned anew by this file: an element with `id="linksnap"` must not stand for it.
 */
globalThis.linksnap = {};

globalThis.linksnap.xml = (() => {
  const HTML = 'http://www.w3.org/1999/xhtml';
  const SVG = 'http://www.w3.org/2000/svg';
  const MATHML = 'http://www.w3.org/1998/Math/MathML';
  const XLINK = 'http://www.w3.org/1999/xlink';
  const XML = 'http://www.w3.org/XML/1998/namespace';
  const XMLNS = 'http://www.w3.org/2000/xmlns/';
  const WIRE = 'urn:linksnap:1';

  /** NCName of Namespaces in XML 1.0, third edition. */
  const START =
    'A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF' +
    '\\u200C-\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF' +
    '\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}';
  const NAME = new RegExp(`^[${START}][\\u0300-\\u036F${START}.0-9\\u00B7\\u203F-\\u2040-]*$`, 'u');

  /** What XML 1.0 cannot hold: controls, U+FFFE, U+FFFF and surrogates that have no partner. */
  const FORBIDDEN = '\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\uFFFE\\uFFFF\\uD800-\\uDFFF';
  const IN_TEXT = new RegExp(`[&<>\\r${FORBIDDEN}]`, 'u');
  const IN_TEXT_ALL = new RegExp(IN_TEXT.source, 'gu');
  const IN_VALUE = new RegExp(`[&<>"\\t\\n\\r${FORBIDDEN}]`, 'u');
  const IN_VALUE_ALL = new RegExp(IN_VALUE.source, 'gu');

  /** @type {Record<string, string>} */
  const REFERENCES = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    '\t': '&#9;',
    '\n': '&#10;',
    '\r': '&#13;',
  };

  /** @param {string} character */
  const reference = (character) => REFERENCES[character] ?? '\uFFFD';

  /**
   * @param {string} text
   * @returns {string}
   */
  function escapeText(text) {
    return IN_TEXT.test(text) ? text.replace(IN_TEXT_ALL, reference) : text;
  }

  /**
   * @param {string} value - of an attribute, to stand between double quotes
   * @returns {string}
   */
  function escapeValue(value) {
    return IN_VALUE.test(value) ? value.replace(IN_VALUE_ALL, reference) : value;
  }

  /** A page uses few names, each many times. @type {Map<string, boolean>} */
  const known = new Map();

  /**
   * Whether XML can use it as the name of an element or attribute, without a prefix.
   *
   * @param {string} name
   * @returns {boolean}
   */
  function isName(name) {
    let answer = known.get(name);
    if (answer === undefined) {
      answer = NAME.test(name);
      known.set(name, answer);
    }
    return answer;
  }

  /**
   * The `xmlns` with which elements of a namespace are written. Three URIs may not be a default
   * namespace or are ours alone; nothing of a page has them by right.
   *
   * @param {string | null} namespace
   * @returns {string}
   */
  function defaultNamespace(namespace) {
    return namespace === null || namespace === XML || namespace === XMLNS || namespace === WIRE
      ? ''
      : namespace;
  }

  return { HTML, SVG, MATHML, XLINK, XML, WIRE, escapeText, escapeValue, isName, defaultNamespace };
})();
