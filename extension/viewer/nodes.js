/**
 * Reads the trees of saved pages. A page can name its elements so that they stand where a property of
 * its document or of a form is looked for (`<img name=body>`, `<input name=lastChild>`): here each is
 * read through the prototype, which no markup reaches. They serve trees of other frames as well.
 */

/**
 * @template T
 * @param {object} prototype
 * @param {string} name
 * @returns {(of: Node) => T}
 */
function getter(prototype, name) {
  const get = Object.getOwnPropertyDescriptor(prototype, name)?.get;
  return (of) => get?.call(of);
}

const XHTML = 'http://www.w3.org/1999/xhtml';

/** @type {(of: Node) => number} */
const typeOf = getter(Node.prototype, 'nodeType');
/** @type {(of: Node) => string | null} */
const namespaceOf = getter(Element.prototype, 'namespaceURI');
/** @type {(of: Node) => ShadowRoot | null} */
export const shadowOf = getter(Element.prototype, 'shadowRoot');
/** @type {(of: Node) => DocumentFragment} */
const contentOf = getter(HTMLTemplateElement.prototype, 'content');

/** @type {(of: Node) => string} */
export const nameOf = getter(Element.prototype, 'localName');
/** @type {(of: Node) => ChildNode | null} */
export const lastChildOf = getter(Node.prototype, 'lastChild');
/** @type {(of: Node) => ChildNode | null} */
export const previousOf = getter(Node.prototype, 'previousSibling');
/** @type {(of: Node) => Document | null} */
export const documentOf = getter(Node.prototype, 'ownerDocument');
/** @type {(of: Document) => HTMLElement | null} */
export const bodyOf = getter(Document.prototype, 'body');
/** @type {(of: Document) => HTMLHeadElement | null} */
export const headOf = getter(Document.prototype, 'head');
/** @type {(of: Document) => HTMLElement | null} */
export const rootOf = getter(Document.prototype, 'documentElement');
/** @type {(of: Document) => DocumentType | null} */
export const doctypeOf = getter(Document.prototype, 'doctype');

/** @param {Node} node @returns {node is Text} */
export function isText(node) {
  return typeOf(node) === Node.TEXT_NODE;
}

/** @param {Node} node @returns {node is HTMLElement} */
export function isHtml(node) {
  return typeOf(node) === Node.ELEMENT_NODE && namespaceOf(node) === XHTML;
}

/** @param {Node} node */
export function isElement(node) {
  return typeOf(node) === Node.ELEMENT_NODE;
}

/** @param {Node} element @param {string} name */
export function has(element, name) {
  return Element.prototype.hasAttribute.call(element, name);
}

/**
 * What is inside an element for one who reads: of a written shadow tree, what the template holds.
 *
 * @param {HTMLElement} element
 * @returns {Node[]} places whose children are read, one after the other
 */
export function insides(element) {
  if (nameOf(element) === 'template') {
    return [contentOf(element)];
  }
  const shadow = shadowOf(element);
  return shadow ? [shadow, element] : [element];
}

/**
 * @param {Document} of
 * @param {string} name
 * @returns {HTMLElement}
 */
export function make(of, name) {
  return Document.prototype.createElement.call(of, name);
}

/**
 * @param {Document | Element} root
 * @param {string} selector
 * @returns {Element[]}
 */
export function all(root, selector) {
  const { prototype } = typeOf(root) === Node.DOCUMENT_NODE ? Document : Element;
  return [...prototype.querySelectorAll.call(root, selector)];
}

/** @param {Node} place @param {...Node} nodes */
export function put(place, ...nodes) {
  for (const node of nodes) {
    Node.prototype.appendChild.call(place, node);
  }
}

/**
 * Reads a page. In a document of this kind nothing runs and nothing is fetched.
 *
 * @param {string} html
 */
export function parse(html) {
  return new DOMParser().parseFromString(html, 'text/html');
}

/** @type {(of: Element) => string} */
const markupOf = getter(Element.prototype, 'outerHTML');

/**
 * @param {Document} parsed
 * @returns {string} its text, in the mode that it was in
 */
export function written(parsed) {
  const doctype = doctypeOf(parsed);
  const root = rootOf(parsed);
  const { name = '', publicId = '', systemId = '' } = doctype ?? {};
  const ids = publicId
    ? ` PUBLIC "${publicId}"${systemId ? ` "${systemId}"` : ''}`
    : systemId
      ? ` SYSTEM "${systemId}"`
      : '';
  return `${doctype ? `<!DOCTYPE ${name}${ids}>` : ''}${root ? markupOf(root) : ''}`;
}
