/**
 * What runs in the page of the difficult states: makes elements, and reads trees as lists of tokens,
 * live ones, the walker's XML and what a browser built from a snapshot. Iterative, since some states
 * are deeper than a stack.
 */
export function installKit() {
  const HTML = 'http://www.w3.org/1999/xhtml';
  const SVG = 'http://www.w3.org/2000/svg';
  const MATHML = 'http://www.w3.org/1998/Math/MathML';
  const XLINK = 'http://www.w3.org/1999/xlink';
  const XML = 'http://www.w3.org/XML/1998/namespace';
  const XMLNS = 'http://www.w3.org/2000/xmlns/';
  const WIRE = 'urn:linksnap:1';

  /** @type {Record<string, string | null>} */
  const NAMESPACES = { svg: SVG, math: MATHML, none: null, other: 'urn:other' };

  /** @type {Record<string, string>} */
  const SHORT = { [HTML]: 'html', [SVG]: 'svg', [MATHML]: 'math' };

  /**
   * @param {string} name - of HTML, or `svg:rect`, `math:mi`, `none:x`, `other:x`
   * @param {(string | Node | Record<string, string>)[]} parts - children and attributes
   */
  function make(name, ...parts) {
    const [, prefix, local] = /** @type {RegExpMatchArray} */ (
      name.match(/^(?:(svg|math|none|other):)?(.*)$/s)
    );
    const element = prefix
      ? document.createElementNS(NAMESPACES[prefix], local)
      : document.createElement(local);
    for (const part of parts) {
      if (typeof part === 'string' || part instanceof Node) {
        element.append(part);
        continue;
      }
      for (const [key, value] of Object.entries(part)) {
        element.setAttribute(key, value);
      }
    }
    return element;
  }

  /**
   * A property of the prototype: a form's fields can hide it on the form.
   *
   * @param {Node} node
   * @param {string} name
   * @returns {any}
   */
  const get = (node, name) =>
    Reflect.get(name in Node.prototype ? Node.prototype : Element.prototype, name, node);

  /** @param {any} element */
  const rootOf = (element) => element.closedForTests ?? element.shadowRoot ?? null;

  /**
   * Current values, which host/PROTOCOL.md wants as attributes.
   *
   * @param {any} element
   * @param {Map<string, string>} attributes
   */
  function addState(element, attributes) {
    const set = (/** @type {string} */ name, /** @type {boolean} */ isOn) =>
      isOn ? attributes.set(name, '') : attributes.delete(name);
    switch (element.localName) {
      case 'input':
        if (['checkbox', 'radio'].includes(element.type)) {
          set('checked', element.checked);
        } else if (element.value !== (element.getAttribute('value') ?? '')) {
          attributes.set('value', element.value);
        }
        break;
      case 'option':
        set('selected', element.selected);
        break;
      default:
    }
  }

  /**
   * @param {Element} element
   * @param {boolean} isLive
   * @returns {[string, string][]} sorted
   */
  function attributesOf(element, isLive) {
    /** @type {Map<string, string>} */
    const map = new Map();
    for (const { name, localName, namespaceURI, value } of get(element, 'attributes')) {
      if (namespaceURI === null) {
        map.set(name, value);
      } else if (namespaceURI === XLINK || namespaceURI === XML) {
        map.set(`${namespaceURI === XML ? 'xml' : 'xlink'}:${localName}`, value);
      } else if (namespaceURI !== XMLNS && namespaceURI !== WIRE) {
        map.set(`{${namespaceURI}}${localName}`, value);
      }
    }
    if (isLive && get(element, 'namespaceURI') === HTML) {
      addState(element, map);
    }
    return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** @typedef {{ text: string } | { open: string, attributes: [string, string][] } | { close: string }} Token */

  /**
   * @param {Element} element
   * @param {'live' | 'wire' | 'parsed'} kind
   * @returns {string}
   */
  function nameOf(element, kind) {
    const namespace = get(element, 'namespaceURI') ?? '';
    const name = get(element, 'localName');
    if (kind === 'wire' && element.hasAttributeNS(WIRE, 'shadow')) {
      return `#shadow ${element.getAttributeNS(WIRE, 'shadow')}`;
    }
    if (kind === 'wire' && element.hasAttributeNS(WIRE, 'name')) {
      return `html:${element.getAttributeNS(WIRE, 'name')}`;
    }
    return `${SHORT[namespace] ?? namespace}:${name}`;
  }

  /**
   * The tree below an element as a list; shadow roots and what templates hold stand before children.
   *
   * @param {any} box
   * @param {'live' | 'wire' | 'parsed'} kind
   * @returns {Token[]}
   */
  function tokens(box, kind) {
    /** @type {any[]} */
    const list = [];
    /** @type {any[]} what is still to be read, the next at the end: nodes and tokens */
    const waiting = [];
    const push = (/** @type {Node | null} */ last) => {
      for (let node = last; node; node = get(node, 'previousSibling')) {
        waiting.push(node);
      }
    };
    push(get(box, 'lastChild'));
    while (waiting.length > 0) {
      const node = waiting.pop();
      if (Object.getPrototypeOf(node) === Object.prototype) {
        list.push(node);
        continue;
      }
      const type = get(node, 'nodeType');
      if (type === Node.TEXT_NODE || type === Node.CDATA_SECTION_NODE) {
        if (typeof list.at(-1)?.text === 'string') {
          list[list.length - 1] = { text: list.at(-1).text + node.data };
        } else if (node.data !== '') {
          list.push({ text: node.data });
        }
      } else if (type === Node.ELEMENT_NODE) {
        const name = nameOf(node, kind);
        list.push({ open: name, attributes: attributesOf(node, kind === 'live') });
        waiting.push({ close: name });
        if (kind === 'live' && name === 'html:textarea') {
          waiting.push(document.createTextNode(node.value));
          continue;
        }
        push(get(node, 'lastChild'));
        if (get(node, 'localName') === 'template' && node.content) {
          push(get(node.content, 'lastChild'));
        }
        const root = kind === 'wire' ? null : rootOf(node);
        if (root) {
          const shadow = `#shadow ${kind === 'parsed' ? 'open' : root.mode}`;
          waiting.push({ close: shadow });
          push(root.lastChild);
          waiting.push({ open: shadow, attributes: [] });
        }
      }
    }
    return list;
  }

  /**
   * Names of the fifth edition of XML, which the host reads and Firefox does not.
   *
   * @param {string} xml
   */
  const spellNames = (xml) =>
    xml.replace(/<[^>]*>/g, (tag) =>
      tag.replace(/"[^"]*"|[\u{10000}-\u{EFFFF}]/gu, (part) =>
        part.startsWith('"') ? part : `_U${part.codePointAt(0)}_`,
      ),
    );

  /** @param {string} name */
  const readName = (name) =>
    name.replace(/_U(\d+)_/g, (_, code) => String.fromCodePoint(Number(code)));

  /**
   * The box in the walker's XML.
   *
   * @param {string} xml
   * @returns {Token[]}
   */
  function wireTokens(xml) {
    const parsed = new DOMParser().parseFromString(spellNames(xml), 'application/xhtml+xml');
    const error = parsed.querySelector('parsererror');
    if (error) {
      throw new Error(`the walker's XML: ${error.textContent}`);
    }
    return tokens(parsed.getElementById('box'), 'wire').map((token) =>
      'open' in token
        ? {
            open: readName(token.open),
            attributes: token.attributes.map(([name, value]) => [readName(name), value]),
          }
        : 'close' in token
          ? { close: readName(token.close) }
          : token,
    );
  }

  /**
   * Shows a snapshot in a frame as large as the page.
   *
   * @param {string} html
   * @returns {Promise<HTMLIFrameElement>}
   */
  function show(html) {
    const frame = document.createElement('iframe');
    const size = `width: ${document.documentElement.clientWidth}px; height: ${innerHeight}px`;
    frame.style.cssText = `position: fixed; top: 0; left: 0; border: 0; ${size}`;
    // A shadow root that is closed could not be looked into.
    const text = html.replaceAll(' shadowrootmode="closed"', ' shadowrootmode="open"');
    frame.src = URL.createObjectURL(new Blob([text], { type: 'text/html;charset=utf-8' }));
    return new Promise((resolve) => {
      frame.onload = () => resolve(frame);
      document.documentElement.append(frame);
    });
  }

  Reflect.set(window, 'states', { make, rootOf, get, tokens, wireTokens, show });
}
