/** States of SVG, MathML, other namespaces and odd names of elements. See states-nesting.mjs. */

/** @typedef {import('./states-nesting.mjs').States} States */

/** @type {States} */
export const FOREIGN = {
  'SVG with all its capitals': (box) => {
    box.innerHTML = `<svg viewBox="0 0 90 30" width="90" height="30" preserveAspectRatio="none">
      <defs><linearGradient id="g" gradientUnits="userSpaceOnUse"><stop stop-color="red"/>
      <stop offset="1"/></linearGradient><clipPath id="c"><rect width="40" height="20"/></clipPath>
      <filter id="f"><feGaussianBlur stdDeviation="1"/></filter></defs>
      <rect width="60" height="20" fill="url(#g)" clip-path="url(#c)"/>
      <text x="5" y="25" textLength="70">text<tspan dy="2">span</tspan></text></svg>`;
  },
  'names in the wrong case': (box, h) => {
    const lower = [h('svg:lineargradient'), h('svg:foreignobject', h('p', 'a')), h('svg:RECT')];
    box.append(h('svg:svg', { width: '50', height: '20' }, ...lower), 'b');
  },
  'HTML directly in SVG': (box, h) => {
    const strange = [h('div', 'a'), h('p', 'b'), h('span', 'c'), h('x-y', 'd'), h('table')];
    const rect = h('svg:rect', { width: '20', height: '9' });
    box.append(h('svg:svg', { width: '50', height: '20' }, ...strange, rect, 'text'), 'e');
  },
  'shapes of SVG in HTML': (box, h) => {
    box.append(
      'a',
      h('svg:rect', { width: '20', height: '9' }),
      h('svg:g', h('svg:text', 'b')),
      'c',
    );
    box.append(
      h('svg:a', { href: '#' }, 'd'),
      h('svg:title', 'e'),
      h('svg:style', 'p { color: red }'),
    );
  },
  'names of HTML in the namespace of SVG': (box, h) => {
    const strange = ['div', 'p', 'b', 'table', 'br', 'img', 'h1', 'span', 'font', 'body'].map(
      (name) => h(`svg:${name}`, name),
    );
    const rect = h('svg:rect', { width: '20', height: '9', fill: 'red' });
    box.append(h('svg:svg', { width: '50', height: '20' }, ...strange, rect), 'after');
  },
  'names of SVG in the namespace of HTML': (box, h) => {
    box.append(h('circle', 'a'), h('g', h('path', 'b')), h('text', 'c'), h('foreignobject', 'd'));
    box.append(h('lineargradient', 'e'), h('math', h('mi', 'f')), h('svg', 'g'), h('mtext', 'h'));
  },
  'SVG in SVG, in a link, in a paragraph': (box, h) => {
    const inner = h('svg:svg', { x: '9', width: '20', height: '9' }, h('svg:rect', { width: '5' }));
    const link = h(
      'svg:a',
      { href: '#a' },
      h('svg:circle', { r: '9' }),
      h('svg:a', { href: '#b' }),
    );
    const svg = h('svg:svg', { width: '50', height: '20' }, inner, link);
    box.append(h('p', h('a', { href: '#c' }, 'a', svg, 'b')));
  },
  'HTML in foreignObject': (box, h) => {
    const inside = h('div', h('p', 'a', h('svg:svg', { width: '9', height: '9' })), h('b', 'b'));
    const object = h('svg:foreignObject', { width: '90', height: '60' }, inside, 'c');
    box.append(h('svg:svg', { width: '90', height: '60' }, object), 'd');
  },
  'paragraphs, links and tables in foreignObject': (box, h) => {
    const object = h('svg:foreignObject', { width: '90', height: '90' });
    object.append(h('p', 'a', h('div', 'b')), h('a', { href: '#' }, h('a', { href: '#' }, 'c')));
    object.append(h('tr', h('td', 'd')));
    const svg = h('svg:svg', { width: '90', height: '90' }, object);
    box.append(h('p', h('a', { href: '#' }, svg, 'e')));
  },
  'HTML in desc and title of SVG': (box, h) => {
    const inside = [h('svg:title', h('b', 'a'), 'b'), h('svg:desc', h('p', 'c'), h('svg:g'))];
    box.append(h('svg:svg', { width: '20', height: '9' }, ...inside), 'd');
  },
  'a style of SVG with signs of markup': (box, h) => {
    const style = h(
      'svg:style',
      'rect { fill: rgb(1, 2, 3) } /* <b>x</b> & ]]> */ a > b { fill: red }',
    );
    const rect = h('svg:rect', { width: '20', height: '9' });
    box.append(h('svg:svg', { width: '50', height: '20' }, style, rect), 'a');
  },
  'a style with elements, HTML style in SVG': (box, h) => {
    const style = h('style', 'rect { fill: rgb(1, 2, 3) }');
    const rect = h('svg:rect', { width: '20', height: '9' });
    box.append(h('svg:svg', { width: '50', height: '20' }, style, rect), 'a');
  },
  'SVG in MathML and MathML in SVG': (box, h) => {
    const svg = h('svg:svg', { width: '20', height: '9' }, h('math:mi', 'x'), h('math:math'));
    box.append(h('math:math', h('math:mi', svg), h('math:mrow', svg.cloneNode(true))), 'a');
  },
  MathML: (box) => {
    box.innerHTML = `<math display="block"><mfrac><mi>a</mi><mrow><mn>1</mn><mo>+</mo><msqrt><mi>b</mi>
      </msqrt></mrow></mfrac><mtable columnalign="left"><mtr><mtd><mtext>t</mtext></mtd></mtr></mtable>
      <semantics><mi>c</mi><annotation encoding="application/x-tex">\\c</annotation></semantics></math>`;
  },
  'HTML in MathML': (box, h) => {
    const tokens = h('math:mtext', h('b', 'a'), h('p', 'b', h('div', 'c')));
    box.append(h('math:math', tokens, h('math:mi', 'x', h('a', { href: '#' }, 'y'))), 'd');
    box.append(h('math:math', h('math:mrow', h('span', 'e'), h('div', 'f'), 'g')), 'h');
  },
  'annotation-xml with HTML and SVG': (box, h) => {
    const html = h('math:annotation-xml', { encoding: 'text/html' }, h('p', 'a', h('table')));
    const svg = h('math:annotation-xml', { encoding: 'SVG1.1' }, h('svg:svg', h('svg:g')));
    const plain = h('math:annotation-xml', h('math:mi', 'b'));
    box.append(h('math:math', h('math:semantics', h('math:mi', 'x'), html, svg, plain)), 'c');
  },
  'mglyph and malignmark': (box, h) => {
    const strange = [h('math:mglyph'), h('math:malignmark'), h('mglyph', 'a'), 'b'];
    box.append(h('math:math', h('math:mi', ...strange), h('math:mglyph', h('p', 'c'))), 'd');
  },
  'parts of MathML in HTML': (box, h) => {
    box.append('a', h('math:mi', 'x'), h('math:mfrac', h('math:mn', '1'), h('math:mn', '2')), 'b');
  },
  'elements without a namespace': (box, h) => {
    box.append('a', h('none:p', 'b', h('none:script', 'c')), h('none:x', h('b', 'd')), 'e');
  },
  'elements of another namespace': (box, h) => {
    box.append(h('style', 'dc { color: rgb(8, 8, 8); display: block }'));
    box.append('a', h('other:dc', 'b', h('other:title', 'c')), h('other:svg', 'd'), 'e');
  },
  'elements with a prefix': (box) => {
    const html = 'http://www.w3.org/1999/xhtml';
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'v:svg');
    svg.setAttribute('width', '20');
    svg.append(document.createElementNS('http://www.w3.org/2000/svg', 'v:rect'));
    const p = document.createElementNS(html, 'h:p');
    p.append('a');
    box.append(svg, p, 'b');
  },
  'elements of HTML with capitals': (box) => {
    for (const name of ['DIV', 'P', 'Custom', 'SCRIPT']) {
      const element = document.createElementNS('http://www.w3.org/1999/xhtml', name);
      element.className = 'c';
      element.setAttribute('style', 'color: rgb(1, 1, 1); display: inline-block');
      element.append(name);
      box.append(element, ' ');
    }
  },
  'names with colons': (box) => {
    box.innerHTML =
      '<fb:like style="color: rgb(1, 1, 1)">a</fb:like> <o:p>b</o:p> <svg:rect>c</svg:rect> <v:x-y>d</v:x-y>';
  },
  'names that XML cannot write': (box) => {
    box.innerHTML =
      '<style>x\\@y { color: rgb(1, 1, 1) }</style><a"b>a</a"b> <x@y>b</x@y> <t=1>c</t=1> <z<>d</z<> ' +
      '<my{{x}} class="c">e</my{{x}}>';
  },
  'custom elements with odd names': (box, h) => {
    for (const name of [
      'x-y',
      'x-y.z',
      'x-1_2',
      'x-é',
      'x-中文',
      'x-😀',
      'annotation-xml',
      'font-face',
    ]) {
      box.append(h(name, { style: 'color: rgb(1, 1, 1)' }, name), ' ');
    }
  },
  'names of functions of objects': (box, h) => {
    box.append(h('constructor', 'a'), h('valueof', 'b'), h('p', { constructor: 'c' }, 'd'));
  },
  'white space in SVG text': (box, h) => {
    const text = h(
      'svg:text',
      { y: '15', 'xml:space': 'preserve' },
      '  a   b  ',
      h('svg:tspan', ' c '),
    );
    box.append(h('svg:svg', { width: '90', height: '20' }, text));
  },
  'SVG in a table, in a select, in an option': (box, h) => {
    const svg = () => h('svg:svg', { width: '9', height: '9' }, h('svg:rect', { width: '5' }));
    box.append(h('table', h('tbody', svg(), h('tr', svg(), h('td', svg())))));
    box.append(h('select', svg(), h('option', 'a', svg())));
  },
};
