/**
 * States of a DOM that a parser of HTML rearranges: elements that close, refuse or split others. Each
 * function runs in the page and fills a box; `h` makes an element (states-kit.mjs).
 *
 * @typedef {(name: string, ...parts: (string | Node | Record<string, string>)[]) => any} Make
 * @typedef {Record<string, (box: HTMLElement, h: Make) => void>} States
 */

/** @type {States} */
export const NESTING = {
  'a div in a paragraph, with text around': (box, h) => {
    box.append(h('p', { class: 'note' }, 'before ', h('div', 'block'), ' after'), 'behind');
  },
  'three paragraphs in each other': (box, h) => {
    box.append(h('p', '1', h('p', '2', h('p', '3'), '2'), '1'));
  },
  'blocks of every kind in a paragraph': (box, h) => {
    for (const name of ['section', 'ul', 'blockquote', 'pre', 'h2', 'fieldset', 'figure', 'menu']) {
      box.append(h('p', 'a ', h(name, name), ' b'));
    }
  },
  'details, dialog, address, search and center in a paragraph': (box, h) => {
    for (const name of [
      'details',
      'address',
      'search',
      'center',
      'main',
      'nav',
      'dir',
      'listing',
    ]) {
      box.append(h('p', 'a ', h(name, name), ' b'));
    }
    box.append(h('p', h('dialog', { open: '', style: 'position: static' }, 'open')));
  },
  'a rule in a paragraph': (box, h) => {
    box.append(h('p', 'above', h('hr'), 'below'));
  },
  'a list in a span in a paragraph': (box, h) => {
    box.append(h('p', 'a', h('span', 'b', h('ul', h('li', 'c'), h('li', 'd')), 'e'), 'f'));
  },
  'a paragraph in bold in a paragraph': (box, h) => {
    box.append(h('p', 'a', h('b', 'b', h('i', 'c', h('p', 'd'), 'e'), 'f'), 'g'));
  },
  'a paragraph in a button in a paragraph': (box, h) => {
    box.append(h('p', 'a', h('button', 'b', h('p', 'c')), 'd'));
  },
  'siblings around a block in a paragraph': (box, h) => {
    box.append(h('p', h('b', '1'), h('div', '2'), h('i', '3'), h('div', '4'), h('u', '5')));
  },
  'a paragraph that lays out its blocks': (box, h) => {
    const p = h('p', { style: 'display: flex; gap: 8px' }, h('div', 'one'), h('div', 'two'));
    box.append(p, h('p', { style: 'display: grid' }, h('section', 'three'), 'four'));
  },
  'a paragraph in a summary, in a list, in a cell': (box, h) => {
    box.append(h('details', { open: '' }, h('summary', h('p', 's', h('div', 't'))), 'u'));
    box.append(h('ul', h('li', h('p', 'v', h('ol', h('li', 'w'))))));
  },
  'a link in a link': (box, h) => {
    const inner = h('a', { href: 'https://b.example/' }, 'inner');
    box.append(h('a', { href: 'https://a.example/', class: 'card' }, 'x ', inner, ' y'));
  },
  'a link in a block in a link': (box, h) => {
    const inner = h('a', { href: '#b' }, 'inner');
    box.append(h('a', { href: '#a' }, h('div', 'x ', h('b', inner, ' z')), ' y'), 'behind');
  },
  'five links in each other': (box, h) => {
    let inner = h('a', { href: '#5' }, '5');
    for (let i = 4; i > 0; i--) {
      inner = h('a', { href: `#${i}` }, `${i}(`, inner, ')');
    }
    box.append(inner);
  },
  'links in the cells of a table in a link': (box, h) => {
    const cell = h('td', h('a', { href: '#b' }, 'b'), ' c');
    box.append(h('a', { href: '#a' }, 'a', h('table', h('tbody', h('tr', cell)))));
  },
  'a link around paragraphs and a list': (box, h) => {
    box.append(h('a', { href: '#a' }, h('p', 'a'), h('ul', h('li', 'b')), 'c'));
  },
  'a button in a button': (box, h) => {
    box.append(h('button', 'a ', h('button', 'b'), ' c'), 'd');
  },
  'a button in a block in a button': (box, h) => {
    box.append(h('button', h('span', 'a ', h('b', h('button', 'b'))), ' c'), 'd');
  },
  'a nobr in a nobr': (box, h) => {
    box.append(h('nobr', 'a ', h('nobr', 'b'), h('b', h('nobr', 'c')), ' d'));
  },
  'headings in headings': (box, h) => {
    box.append(h('h1', 'a ', h('h2', 'b'), ' c'), h('h3', h('h3', 'd', h('h4', 'e'))));
  },
  'a heading in a span in a heading': (box, h) => {
    box.append(h('h2', 'a ', h('span', h('h3', 'b')), ' c'));
  },
  'an item in an item': (box, h) => {
    box.append(h('ul', h('li', 'a', h('li', 'b', h('li', 'c')), 'd'), h('li', 'e')));
  },
  'an item in blocks in an item': (box, h) => {
    box.append(h('ol', h('li', 'a', h('div', 'b', h('span', h('li', 'c'))), 'd'), h('li', 'e')));
    box.append(h('ul', h('li', h('section', h('li', 'f')))));
  },
  'items without a list': (box, h) => {
    box.append(h('div', h('li', 'a'), 'b', h('li', 'c')), h('p', h('li', 'd')));
  },
  'terms and definitions in each other': (box, h) => {
    box.append(h('dl', h('dt', 'a', h('dd', 'b', h('dt', 'c'))), h('dd', 'd', h('dd', 'e'), 'f')));
    box.append(h('dl', h('div', h('dt', 'g'), h('dd', h('p', h('dd', 'h'))))));
  },
  'text and blocks in lists': (box, h) => {
    box.append(h('ul', 'a', h('div', 'b'), h('li', 'c'), h('ul', h('li', 'd'))));
    box.append(h('dl', 'e', h('p', 'f'), h('dd', 'g')));
  },
  'six times bold': (box, h) => {
    let inner = h('b', 'inner');
    for (let i = 0; i < 5; i++) {
      inner = h('b', `${i}`, inner, `${i}`);
    }
    box.append(inner, 'plain');
  },
  'blocks in formatting elements': (box, h) => {
    box.append(h('b', 'a', h('p', 'b', h('i', 'c')), h('i', h('div', 'd'), 'e')), 'f');
    box.append(h('font', { color: 'red' }, h('h2', 'g'), h('font', { size: '5' }, h('p', 'h'))));
  },
  'formatting around tables and lists': (box, h) => {
    box.append(h('i', 'a', h('table', h('tbody', h('tr', h('td', 'b')))), h('ul', h('li', 'c'))));
    box.append(h('s', h('u', h('small', h('blockquote', h('code', 'd'))))), 'e');
  },
  'empty formatting elements': (box, h) => {
    box.append(h('b'), h('p', h('i'), 'a', h('em')), h('b', h('b')), h('a'), 'b');
  },
  'ruby with its parts in each other': (box, h) => {
    box.append(h('ruby', '漢', h('rt', 'kan', h('rt', 'x')), '字', h('rp', '('), h('rt', 'ji')));
    box.append(h('ruby', h('rb', '読', h('rt', 'yo')), h('rtc', h('rt', 'a'), h('rb', 'b'))));
  },
  'parts of ruby in blocks, and without ruby': (box, h) => {
    box.append(h('ruby', h('p', '漢', h('rt', 'kan')), h('li', '字', h('rp', 'ji'))));
    box.append(h('rt', 'a', h('rt', 'b')), h('rb', h('rp', 'c')));
  },
  'html, head and body in a div': (box, h) => {
    box.append(h('div', h('html', 'a', h('body', { class: 'b' }, 'b')), h('head', 'c')), 'd');
  },
  'several bodies': (box, h) => {
    box.append(h('body', { style: 'color: teal' }, 'one', h('p', '1')), h('body', 'two'), 'three');
  },
  'a frameset in a div': (box, h) => {
    box.append(h('div', 'a', h('frameset', { cols: '*,*' }), 'b'), h('frame'), 'c');
  },
  'void elements with children': (box, h) => {
    for (const name of ['br', 'wbr', 'img', 'input', 'area', 'source', 'track', 'col']) {
      box.append(h('div', `${name}: `, h(name, 'text', h('b', 'bold')), ' after'));
    }
  },
  'a rule with children': (box, h) => {
    box.append(h('hr', 'text', h('b', 'bold')), 'after');
  },
  'elements of other days': (box, h) => {
    for (const name of ['image', 'isindex', 'menuitem', 'command', 'content', 'shadow', 'spacer']) {
      box.append(h(name, { class: 'old', style: 'color: green' }, name), ' ');
    }
    for (const name of ['applet', 'acronym', 'big', 'tt', 'blink', 'multicol']) {
      box.append(h(name, { style: 'display: inline-block; border: 1px solid' }, name), ' ');
    }
  },
};
