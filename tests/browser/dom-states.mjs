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
