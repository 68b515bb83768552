/* eslint-disable no-restricted-syntax -- pages under test are made from markup */
/**
 * States of a DOM that no HTML text can say, or that trip those who write XML. Each function runs in
 * the page and fills a box; what the walker writes of it must read back as the same tree.
 */

/** @type {Record<string, (box: HTMLElement) => void>} */
export const STATES = {
  'a paragraph in a paragraph': (box) => {
    box.append(document.createElement('p'));
    box.firstElementChild?.append('outer', document.createElement('p'), 'after');
  },
  'a link in a link, a form in a form, a button in a button': (box) => {
    for (const name of ['a', 'form', 'button', 'h1', 'option']) {
      const outer = document.createElement(name);
      const inner = document.createElement(name);
      inner.append('inner');
      outer.append('before', inner, 'after');
      box.append(outer);
    }
  },
  'text and a div in a table, a row without a table': (box) => {
    const table = document.createElement('table');
    table.append('text', document.createElement('div'), document.createElement('tr'));
    box.append(table, document.createElement('tr'), document.createElement('td'));
  },
  'children of a void element': (box) => {
    const br = document.createElement('br');
    br.append('inside br', document.createElement('b'));
    box.append(br, document.createElement('img'));
  },
  'blocks of an inline element': (box) => {
    const span = document.createElement('span');
    span.append(document.createElement('div'), document.createElement('ul'));
    box.append(span);
  },
  'the five characters of XML': (box) => {
    box.title = `<&>"' ]]> &amp; &#65;`;
    box.append(`<&>"' ]]> &amp; &#65; <!-- --> <![CDATA[ ]]> <?pi?>`);
  },
  'controls, noncharacters and NUL in text': (box) => {
    box.append('a\u0000b\u0001c\u0008d\u000Be\u000Cf\u001Fg\u007Fh\u0085i\uFFFEj\uFFFFk');
  },
  'controls, noncharacters and NUL in an attribute': (box) => {
    box.title = 'a\u0000b\u0001c\u0008d\u000Be\u000Cf\u001Fg\u007Fh\u0085i\uFFFEj\uFFFFk';
  },
  'lone surrogates': (box) => {
    box.append('a\uD800b\uDC00c\uDC00\uD800d😀e\uD83D', '\uDE00');
    box.title = '\uD800 \uDFFF 😀 \uD83D';
  },
  'white space in text and attributes': (box) => {
    box.append(' \t\n\r\n \r ', document.createElement('b'), '\u2028\u2029\u00A0\uFEFF');
    box.title = ' \t\n\r\n \r\u2028\uFEFF';
  },
  'a line feed at the start of pre and textarea': (box) => {
    const pre = document.createElement('pre');
    pre.append('\n\nsecond');
    box.append(pre);
  },
  'attribute names of frameworks': (box) => {
    box.innerHTML = `<p @click="a" :class="b" (click)="c" [prop]="d" *ngif="e" #ref="f" a"b="g"
      v-on:click.prevent="h" data-x.y="i" 1st="j" 中文="k" -minus="l" x="1" X="2">t</p>`;
  },
  'names that objects have already': (box) => {
    box.innerHTML =
      '<p constructor="a" __proto__="b" toString="c" hasOwnProperty="d" valueOf="e">t</p>' +
      '<input constructor="a"><constructor>x</constructor>';
  },
  'namespace declarations as plain attributes': (box) => {
    box.innerHTML = `<p xmlns="http://www.w3.org/2000/svg" xmlns:ls="urn:linksnap:1" xmlns:a="b">t</p>`;
    box.firstElementChild?.setAttribute('xmlns:foo', 'urn:foo');
  },
  'forged marks of the walker': (box) => {
    box.innerHTML =
      '<template ls:shadow="open"><b>not a shadow</b></template><iframe ls:frame="0"></iframe>' +
      '<p ls:name="script" ls:adopted="">t</p>';
    const p = /** @type {Element} */ (box.querySelector('p'));
    p.setAttributeNS('urn:linksnap:1', 'ls:frame', '0');
    box.append(document.createElementNS('urn:linksnap:1', 'ls:template'));
  },
  'elements with a colon': (box) => {
    box.innerHTML = '<fb:like href="#">like</fb:like><o:p>office</o:p><svg:rect>rect</svg:rect>';
  },
  'elements whose names XML cannot write': (box) => {
    box.innerHTML = '<a"b>quote</a"b><x@y>at</x@y><t=1>equals</t=1><z<>less</z<>';
  },
  'elements with a prefix, and with capitals': (box) => {
    box.append(
      document.createElementNS('http://www.w3.org/1999/xhtml', 'h:b'),
      document.createElementNS('http://www.w3.org/1999/xhtml', 'DIV'),
      document.createElementNS('http://www.w3.org/2000/svg', 's:rect'),
    );
  },
  'names beyond ASCII': (box) => {
    box.innerHTML = '<x-é>a</x-é><x-中文>b</x-中文><x-·>c</x-·>';
  },
  'SVG with its capitals, MathML, and HTML inside': (box) => {
    box.innerHTML = `<svg viewBox="0 0 1 1"><defs><linearGradient id="g" gradientTransform="x"/></defs>
      <foreignObject><p>html<svg><a xlink:href="#g" href="#h"/></svg></p></foreignObject>
      <title>t</title><desc><b>b</b></desc></svg>
      <math><mi>x</mi><annotation-xml encoding="text/html"><p>html</p></annotation-xml></math>`;
  },
  'HTML names in other namespaces, and the other way round': (box) => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'div');
    svg.append(document.createElementNS('http://www.w3.org/1999/xhtml', 'circle'));
    const none = document.createElementNS(null, 'p');
    none.append(document.createElementNS('urn:other', 'q'), document.createElement('r'));
    box.append(svg, none);
  },
  'one local name in two namespaces': (box) => {
    box.innerHTML = '<svg><use/></svg>';
    const use = /** @type {Element} */ (box.querySelector('use'));
    use.setAttribute('href', '#a');
    use.setAttributeNS('http://www.w3.org/1999/xlink', 'href', '#b');
    use.setAttributeNS('urn:other', 'href', '#c');
  },
  'xml:lang and xml:space': (box) => {
    box.innerHTML =
      '<svg xml:lang="zh" xml:space="preserve"><text>  a  </text></svg><p xml:lang="en">p</p>';
  },
  'scripts and noscript are left out': (box) => {
    const script = document.createElement('script');
    script.type = 'application/json';
    script.textContent = '{"a":"</script><b>"}';
    box.innerHTML = '<noscript><p>no script</p></noscript><svg><script>1</script></svg>';
    box.append(script, 'after');
  },
  'comments, CDATA and processing instructions': (box) => {
    const xml = document.implementation.createDocument(null, 'x');
    box.append(
      'a',
      document.createComment('-- <b> --!> \u0000'),
      'b',
      document.adoptNode(xml.createCDATASection('<c> & ')),
      document.createProcessingInstruction('pi', 'x'),
    );
  },
  'elements whose text HTML does not escape': (box) => {
    for (const name of ['xmp', 'iframe', 'noembed', 'noframes', 'plaintext', 'title']) {
      const element = document.createElement(name);
      element.append(`</${name}><img src=x onerror=alert(1)> & <!--`);
      box.append(element);
    }
  },
  'templates in templates': (box) => {
    box.innerHTML =
      '<template><tr><td>cell</td></tr><template><b>inner</b></template>text</template>';
    box.querySelector('template')?.append('a child beside the content');
  },
  'shadow roots, open and closed, nested, with slots': (box) => {
    box.innerHTML = '<div>light<b slot="x">slotted</b></div><x-host>host</x-host>';
    const [outer, host] = box.children;
    const open = outer.attachShadow({ mode: 'open' });
    open.innerHTML = '<i>in the root</i><slot name="x">fallback</slot><p>deeper</p>';
    const deeper = /** @type {Element} */ (open.querySelector('p'));
    deeper.attachShadow({ mode: 'open' }).append('nested root');
    const closed = host.attachShadow({ mode: 'closed' });
    closed.append('closed root', document.createElement('slot'));
    // For the comparison, which could not know it otherwise.
    Object.assign(host, { closedForTests: closed });
  },
  'empty text nodes, and many in a row': (box) => {
    box.append('', 'a', '', 'b', document.createElement('i'), '', 'c');
  },
  'form fields that hide the properties of their form': (box) => {
    box.innerHTML = `<form action="/a"><input name="firstChild"><input name="nextSibling">
      <input name="localName"><input name="namespaceURI"><input name="nodeType">
      <input name="getAttribute"><input name="getAttributeNames"><input name="parentNode">
      <input name="attributes"><input name="matches"></form>after`;
  },
  'a text of 3 MB': (box) => {
    // Browsers need many seconds to break such a line.
    box.hidden = true;
    box.append('中a😀&'.repeat(500_000));
  },
  'an attribute of 2 MB': (box) => {
    box.title = '"<中😀'.repeat(400_000);
  },
};

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

  /** @param {string} text */
  function clean(text) {
    return [...text]
      .map((character) =>
        /[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF\p{Cs}]/u.test(character) ? '\uFFFD' : character,
      )
      .join('');
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
