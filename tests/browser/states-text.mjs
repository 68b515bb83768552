/** States of text and attributes that HTML or XML cannot say, or only with care. See states-nesting.mjs. */

/** @typedef {import('./states-nesting.mjs').States} States */

/** @type {States} */
export const TEXT = {
  'text that looks like markup': (box) => {
    box.append('<b>&amp;lt; &notin &copy; &#x3C;script> <!-- --> ]]> </section> <![CDATA[ <?x?>');
  },
  'text that looks like our own marks': (box) => {
    box.append('<!--linksnap-head--> linksnap-asset:0123 <!--linksnap-end-->');
  },
  'line feeds at the start of pre, listing, xmp and textarea': (box, h) => {
    for (const name of ['pre', 'listing', 'xmp']) {
      box.append(h(name, '\nsecond line'), h(name, '\n\nthird line'), h(name, 'first\n'));
    }
    box.append(h('textarea', '\n\nthird'), h('pre', h('b', '\nin bold')), h('pre', '', '\nx'));
  },
  'carriage returns': (box, h) => {
    box.append(h('pre', '\rone\r\ntwo\r\rthree'), h('p', { title: 'a\rb\r\nc' }, 'a\rb'));
  },
  'form feeds and vertical tabs': (box, h) => {
    box.append(h('p', 'a\fb\u000Bc'), h('pre', 'a\fb\u000Bc'));
  },
  'zero bytes': (box, h) => {
    box.append(h('p', 'a\u0000b'), h('pre', { class: 'c' }, '\u0000\u0000'));
  },
  'control characters': (box, h) => {
    box.append(h('p', 'a\u0001b\u0002c\u0008d\u000Ee\u001Bf\u001Fg'));
  },
  'controls of the upper half': (box, h) => {
    box.append(h('p', 'a\u007Fb\u0080c\u0085d\u0093e\u009Ff'));
  },
  noncharacters: (box, h) => {
    box.append(h('p', 'a\uFFFEb\uFFFFc\uFDD0d\u{1FFFE}e\u{10FFFF}f'));
  },
  'half of a character': (box, h) => {
    box.append(h('p', 'a\uD83Db\uDE00c'), h('p', '\uDE00\uD83D'));
  },
  'a character cut in two texts': (box, h) => {
    box.append(h('p', 'a\uD83D', '\uDE00b'));
  },
  'marks without a look': (box, h) => {
    box.append(
      h('p', 'a\u200Bb\u200Cc\u200Dd\u2060e\uFEFFf\u00ADg\u034Fh\u202Ei\u202Cj\u2066k\u2069'),
    );
  },
  'no-break spaces': (box, h) => {
    box.append(
      h('p', '\u00A0a\u00A0\u00A0b\u00A0'),
      '\u00A0',
      h('p', { title: '\u00A0' }, '\u202F'),
    );
  },
  'white space of every kind': (box, h) => {
    box.append(' \t\n a \n ', h('b', ' b '), ' ', h('i', ' '), '\u2003\u3000c\u2028d\u2029e ');
    box.append(
      h('pre', '  a\tb\n\n\n  c  '),
      h('div', { style: 'white-space: pre-line' }, 'a \n b'),
    );
  },
  'characters beyond the first plane': (box, h) => {
    box.append(h('p', '𠮷野家 👩‍👩‍👧 🏳️‍🌈 𝒳 e\u0301 葛\u{E0100} \u{10FFFD}'));
  },
  'empty texts and texts in a row': (box, h) => {
    const p = h('p', '', 'a', '', 'b', h('b', ''), 'c', '', '');
    box.append('', p, '', 'd', 'e');
  },
  'comments between texts': (box, h) => {
    box.append(
      h('p', 'a', document.createComment(' -->-- '), 'b', document.createComment('>'), 'c'),
    );
  },
  'CDATA and processing instructions': (box, h) => {
    const xml = document.implementation.createDocument(null, 'x');
    const cdata = document.adoptNode(xml.createCDATASection('<b> & ]] >'));
    box.append(h('p', 'a', cdata, document.createProcessingInstruction('xml', 'v'), 'b'));
  },
  'a text of 300,000 characters': (box, h) => {
    box.append(h('p', { hidden: '' }, '中a😀&<'.repeat(50_000)), 'after');
  },
  'a style that would end early': (box, h) => {
    const style = h(
      'style',
      '.s::after { content: "</style><b>x</b>" } .s { color: rgb(1, 2, 3) }',
    );
    box.append(style, h('p', { class: 's' }, 'a'));
  },
  'a style with a comment of HTML': (box, h) => {
    const style = h('style', '<!-- .s { color: rgb(4, 5, 6) } --> .t { color: rgb(7, 8, 9) }');
    box.append(style, h('p', { class: 's' }, 'a'), h('p', { class: 't' }, 'b'));
  },
  'a style with elements in it': (box, h) => {
    box.append(h('style', '.s {', h('b', ' color: red '), ' color: rgb(1, 1, 1) }'), h('p', 'a'));
  },
  'a title, a noframes and a noembed with markup': (box, h) => {
    for (const name of ['title', 'noframes', 'noembed']) {
      box.append(h(name, `</${name}><img src=x onerror=alert(1)>`, h('b', 'b')), name);
    }
  },
  'xmp and plaintext with markup and elements': (box, h) => {
    box.append(
      h('xmp', '</xmp><b>a</b>', h('i', 'b')),
      h('plaintext', '</plaintext>c', h('i', 'd')),
    );
    box.append('after');
  },
  'an iframe with elements in it': (box, h) => {
    box.append(h('iframe', { width: '90', height: '30' }, '</iframe>', h('b', 'b')), 'after');
  },
  'scripts that hold end tags': (box, h) => {
    const script = h('script', '"</script><b>x</b><!--<script>"');
    script.type = 'text/plain';
    box.append('a', script, 'b');
  },
};

/** @type {States} */
export const ATTRIBUTES = {
  'names of frameworks': (box) => {
    box.innerHTML =
      '<p @click="a" :class="b" (click)="c" [prop]="d" *ngif="e" #ref="f" v-on:x.y="g">text</p>';
  },
  'names that no parser makes': (box, h) => {
    const p = h('p', 'text');
    for (const name of [
      'a"b',
      "a'b",
      'a<b',
      '=a',
      '"',
      '&',
      '{{x}}',
      '🎈',
      'é',
      '1a',
      '-a',
      'a:b',
    ]) {
      try {
        p.setAttribute(name, 'v');
      } catch {
        // An older browser refuses it.
      }
    }
    box.append(p);
  },
  'names with capitals': (box, h) => {
    const p = h('p', { title: 'low' }, 'text');
    p.setAttributeNS(null, 'CamelCase', 'v');
    p.setAttributeNS(null, 'TITLE', 'high');
    p.setAttributeNS(null, 'STYLE', 'color: red');
    box.append(p);
  },
  'one name in several namespaces': (box, h) => {
    const p = h('p', { title: 'none' }, 'text');
    p.setAttributeNS('urn:a', 'title', 'a');
    p.setAttributeNS('urn:b', 'x:title', 'b');
    p.setAttributeNS('http://www.w3.org/XML/1998/namespace', 'xml:lang', 'zh');
    box.append(p);
  },
  'namespaces declared': (box, h) => {
    const p = h('p', { xmlns: 'urn:x', 'xmlns:y': 'urn:y' }, 'text');
    p.setAttributeNS('http://www.w3.org/2000/xmlns/', 'xmlns:z', 'urn:z');
    box.append(p);
  },
  'xlink and xml on HTML and SVG': (box, h) => {
    const XLINK = 'http://www.w3.org/1999/xlink';
    const use = h('svg:use');
    use.setAttributeNS(XLINK, 'xlink:href', '#a');
    use.setAttributeNS(XLINK, 'xlink:title', 't');
    const p = h('p', 'text');
    p.setAttributeNS(XLINK, 'xlink:href', '#a');
    box.append(h('svg:svg', { width: '9', height: '9' }, use), p);
  },
  'values with every special character': (box, h) => {
    const value = `<&>"'\`=/ &amp; &lt &#38; --> ]]> </p> {{ }}\u00A0\t\n\u2028`;
    box.append(h('p', { title: value, 'data-x': value, class: value }, 'text'));
  },
  'values with controls and half characters': (box, h) => {
    box.append(h('p', { title: 'a\u0000b\u0001c\u000Bd\uD800e\uFFFFf\rg' }, 'text'));
  },
  'empty values and white space': (box, h) => {
    box.append(
      h('p', { title: '', hidden: '', class: ' ', id: '\n', 'data-a': '\t' }, 'text'),
      'b',
    );
  },
  'a value of 500,000 characters': (box, h) => {
    box.append(h('p', { title: '"<中😀&'.repeat(80_000) }, 'text'));
  },
  'nine hundred attributes': (box, h) => {
    const p = h('p', 'text');
    for (let i = 0; i < 900; i++) {
      p.setAttribute(`data-a${i}`, `${i}`);
    }
    box.append(p);
  },
  'classes and names with odd characters': (box, h) => {
    box.append(h('style', '.md\\:w-1\\/2, .\\[\\&\\>p\\]\\:m { color: rgb(9, 9, 9) }'));
    box.append(h('p', { class: 'md:w-1/2 [&>p]:m', id: 'a"b c<d' }, 'text'));
  },
  'styles that are not well formed': (box, h) => {
    box.append(h('p', { style: 'color: rgb(1, 2, 3); ;; foo; --x: {a;b}; width: 50%; }x{' }, 'a'));
    box.append(h('p', { style: '/* " */ color: rgb(3, 2, 1); content: "</p>' }, 'b'));
  },
  'language, direction and parts': (box, h) => {
    const p = h('p', { lang: 'ar', dir: 'rtl', translate: 'no', part: 'a b' }, 'text');
    box.append(p, h('bdo', { dir: 'rtl' }, 'abc'), h('p', { inert: '', tabindex: '0' }, 'b'));
  },
  'is, slot, itemscope and the like': (box, h) => {
    const names = {
      is: 'x-p',
      slot: 's',
      itemscope: '',
      itemtype: 'https://schema.org/',
      role: 'x',
    };
    box.append(h('p', names, 'text'), h('p', { 'data-URL': '/x', 'data-a.b_c-1': 'd' }, 'text'));
  },
  'handlers and scripts in links': (box, h) => {
    const a = h('a', { href: 'javascript:alert(1)', onclick: 'alert(2)' }, 'a');
    box.append(a, h('p', { onmouseover: 'alert(3)' }, 'b'), h('form', { action: '/x' }, 'c'));
  },
  'values that XML would normalise': (box, h) => {
    box.append(h('p', { title: '  a   b  ', alt: '\n a\t\tb \n', 'data-a': '\r\n\r' }, 'text'));
  },
  'presentation by attributes': (box, h) => {
    const cell = h('td', { bgcolor: 'yellow', nowrap: '', align: 'right', width: '120' }, 'a');
    box.append(h('table', { border: '2', cellpadding: '9' }, h('tbody', h('tr', cell))));
    box.append(h('font', { size: '+2', color: '#080' }, 'b'), h('hr', { size: '4', noshade: '' }));
  },
};
