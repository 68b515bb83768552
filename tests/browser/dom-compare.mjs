/**
 * Runs in the page: what the walker should have written of live elements, by host/PROTOCOL.md, and
 * what it wrote, each as a nested list. Knows nothing of how the walker does it.
 *
 * @param {string} xml
 * @param {string[]} selectors - of the elements, in both
 * @returns {string[]} for each the first difference, '' where there is none
 */
export function compare(xml, selectors) {
  const HTML = 'http://www.w3.org/1999/xhtml';
  const SVG = 'http://www.w3.org/2000/svg';
  const WIRE = 'urn:linksnap:1';
  const XLINK = 'http://www.w3.org/1999/xlink';
  const XML = 'http://www.w3.org/XML/1998/namespace';
  const RESERVED = [XML, 'http://www.w3.org/2000/xmlns/', WIRE];

  /** @param {string} text */
  function parse(text) {
    const document = new DOMParser().parseFromString(text, 'application/xhtml+xml');
    const error = document.querySelector('parsererror');
    return { document, error: error ? String(error.textContent) : '' };
  }

  /** @type {Map<string, boolean>} */
  const names = new Map();
  /** Asks a parser of XML. @param {string} name */
  function isName(name) {
    if (!names.has(name)) {
      const { document, error } = parse(`<${name}/>`);
      const isPlain = !/[\s:<>/]/.test(name) && document.documentElement.localName === name;
      names.set(name, !error && isPlain);
    }
    return names.get(name) ?? false;
  }

  /** @param {string} character */
  function isAllowed(character) {
    return (
      (character >= ' ' || '\t\n\r'.includes(character)) &&
      !/[\uFFFE\uFFFF\p{Surrogate}]/u.test(character)
    );
  }

  /** @param {string} text */
  function clean(text) {
    return [...text].map((each) => (isAllowed(each) ? each : '\uFFFD')).join('');
  }

  /** @param {any[]} list @param {string} text */
  function pushText(list, text) {
    if (text !== '' && typeof list.at(-1) === 'string') {
      list[list.length - 1] += text;
    } else if (text !== '') {
      list.push(text);
    }
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

  /** @param {Element} element */
  function liveAttributes(element) {
    const list = [];
    for (const { name, localName, namespaceURI, value } of get(element, 'attributes')) {
      if (namespaceURI === null && name !== 'xmlns' && isName(name)) {
        list.push([name, clean(value)]);
      } else if (name === 'xlink:href' && namespaceURI === XLINK) {
        list.push([name, clean(value)]);
      } else if (/^xml:(lang|space)$/.test(name) && namespaceURI === XML) {
        list.push([`xml:${localName}`, clean(value)]);
      }
    }
    return list.sort();
  }

  /**
   * @param {any} element
   * @param {string} name
   */
  function liveChildren(element, name) {
    const list = [];
    const shadow = element.closedForTests ?? element.shadowRoot;
    if (shadow instanceof ShadowRoot) {
      list.push(['#shadow', shadow.mode, live(shadow.firstChild)]);
    }
    const isTemplate = name === 'template' && element.content instanceof DocumentFragment;
    return live(isTemplate ? element.content.firstChild : get(element, 'firstChild'), list);
  }

  /**
   * @param {Node | null} first
   * @param {any[]} [list]
   * @param {boolean} [alone] - without its siblings
   * @returns {any[]}
   */
  function live(first, list = [], alone = false) {
    for (let node = first; node; node = alone ? null : get(node, 'nextSibling')) {
      const type = get(node, 'nodeType');
      if (type === Node.TEXT_NODE || type === Node.CDATA_SECTION_NODE) {
        pushText(list, clean(/** @type {Text} */ (node).data));
      } else if (type === Node.ELEMENT_NODE) {
        const name = get(node, 'localName');
        const namespace = get(node, 'namespaceURI') ?? '';
        const isScript = name === 'script' && (namespace === HTML || namespace === SVG);
        if (!isScript && !(name === 'noscript' && namespace === HTML)) {
          const own = RESERVED.includes(namespace) ? '' : namespace;
          list.push([
            ...(isName(name) ? [own, name] : [HTML, `stands for ${clean(name)}`]),
            liveAttributes(/** @type {Element} */ (node)),
            liveChildren(node, name),
          ]);
        }
      }
    }
    return list;
  }

  /**
   * Browsers make the children of a <template> its content in XML too.
   *
   * @param {any} element
   * @returns {any[]}
   */
  function writtenChildren(element) {
    const isTemplate =
      get(element, 'localName') === 'template' && element.content instanceof DocumentFragment;
    return written(isTemplate ? element.content.firstChild : get(element, 'firstChild'));
  }

  /**
   * @param {Node | null} first
   * @param {any[]} [list]
   * @param {boolean} [alone]
   * @returns {any[]}
   */
  function written(first, list = [], alone = false) {
    for (let node = first; node; node = alone ? null : get(node, 'nextSibling')) {
      if (get(node, 'nodeType') === Node.TEXT_NODE) {
        pushText(list, /** @type {Text} */ (node).data);
        continue;
      }
      const attributes = [...get(node, 'attributes')];
      const mark = (/** @type {string} */ name) =>
        attributes.find((each) => each.namespaceURI === WIRE && each.localName === name)?.value;
      if (mark('shadow')) {
        list.push(['#shadow', mark('shadow'), writtenChildren(node)]);
        continue;
      }
      const name = mark('name');
      list.push([
        get(node, 'namespaceURI') ?? '',
        name === undefined ? get(node, 'localName') : `stands for ${name}`,
        attributes
          .filter(({ namespaceURI }) => [null, XLINK, XML].includes(namespaceURI))
          // What nothing in the document says: tests of its own look at it.
          .filter((each) => each.name !== 'ls-is')
          .map((each) => [each.name, each.value])
          .sort(),
        writtenChildren(node),
      ]);
    }
    return list;
  }

  const { document: parsed, error } = parse(xml);
  return selectors.map((selector) => {
    const [now] = live(document.querySelector(selector), [], true);
    const [then] = written(parsed.querySelector(selector), [], true);
    const [expected, actual] = [JSON.stringify(now), JSON.stringify(then)];
    if (error || expected === actual) {
      return error;
    }
    const at = [...expected].findIndex((character, i) => actual[i] !== character);
    const start = Math.max(0, at - 100);
    return `expected ${expected.slice(start, at + 200)}, written ${actual.slice(start, at + 200)}`;
  });
}
