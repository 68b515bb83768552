/** States of tables that a parser of HTML rearranges. See states-nesting.mjs. */

/** @typedef {import('./states-nesting.mjs').States} States */

/** @type {States} */
export const TABLES = {
  'text in a table': (box, h) => {
    box.append(h('table', 'a', h('tbody', h('tr', h('td', 'b')))), 'c');
  },
  'text in a section and in a row': (box, h) => {
    box.append(h('table', h('tbody', 'a', h('tr', 'b', h('td', 'c'), 'd'), 'e')));
  },
  'a div in a table, in a section, in a row': (box, h) => {
    const row = h('tr', h('div', 'c'), h('td', 'd'));
    box.append(h('table', h('div', 'a'), h('tbody', h('div', 'b'), row)));
  },
  'paragraphs, links and bold text between rows': (box, h) => {
    const rows = [h('p', 'a'), h('tr', h('td', 'b')), h('a', { href: '#' }, 'c'), h('b', 'd')];
    box.append(h('table', h('tbody', ...rows)));
  },
  'rows without a section': (box, h) => {
    box.append(h('table', h('tr', h('td', 'a')), h('tr', h('td', 'b'), h('th', 'c'))));
  },
  'cells without a row': (box, h) => {
    box.append(h('table', h('td', 'a'), h('td', 'b'), h('tbody', h('td', 'c'), h('th', 'd'))));
  },
  'a cell in a cell': (box, h) => {
    box.append(h('table', h('tbody', h('tr', h('td', 'a', h('td', 'b'), h('th', 'c'))))));
  },
  'a row in a row and in a cell': (box, h) => {
    const cell = h('td', 'b', h('tr', h('td', 'c')));
    box.append(h('table', h('tbody', h('tr', h('tr', h('td', 'a')), cell))));
  },
  'sections in sections and rows': (box, h) => {
    const inner = h('tbody', h('tr', h('td', 'a')));
    box.append(h('table', h('tbody', inner, h('tr', h('thead', h('tr', h('td', 'b')))))));
    box.append(h('table', h('thead', h('tfoot', h('tr', h('td', 'c'))))));
  },
  'a table in a table, in a section, in a row': (box, h) => {
    const small = (/** @type {string} */ text) => h('table', h('tbody', h('tr', h('td', text))));
    const row = h('tr', small('c'), h('td', 'd'));
    box.append(h('table', small('a'), h('tbody', small('b'), row)));
  },
  'rows and cells in a div': (box, h) => {
    box.append(h('div', h('tr', h('td', 'a'), h('td', 'b')), h('tr', h('td', 'c'))), 'd');
  },
  'cells in a div': (box, h) => {
    box.append(h('div', h('td', 'a'), h('th', { colspan: '2' }, 'b')), 'c');
  },
  'sections in a div': (box, h) => {
    const head = h('thead', h('tr', h('th', 'a'), h('th', 'b')));
    box.append(h('div', head, h('tbody', h('tr', h('td', 'c'), h('td', 'd')))), 'e');
  },
  'cells in a paragraph, in a span, in a link': (box, h) => {
    box.append(h('p', 'a', h('td', 'b'), 'c'), h('span', h('tr', h('td', 'd'))));
    box.append(h('a', { href: '#' }, 'e', h('td', 'f')));
  },
  'rows that a div lays out': (box, h) => {
    const rows = [h('tr', h('td', 'a'), h('td', 'b')), h('tr', h('td', 'c'), h('td', 'd'))];
    box.append(h('div', { style: 'display: table; border-spacing: 6px' }, ...rows));
    box.append(h('div', { style: 'display: flex' }, h('td', 'e'), h('td', 'f')));
  },
  'captions in odd places': (box, h) => {
    const cell = h('td', 'b', h('caption', 'in a cell'));
    box.append(h('table', h('tbody', h('tr', cell)), h('caption', 'last')));
    box.append(h('div', 'c', h('caption', 'alone')));
    box.append(h('table', h('tbody', h('caption', 'in a section'), h('tr', h('td', 'd')))));
  },
  'two captions': (box, h) => {
    box.append(h('table', h('caption', 'a'), h('caption', 'b'), h('tbody', h('tr', h('td', 'c')))));
  },
  'blocks and tables in a caption': (box, h) => {
    const table = h('table', h('tbody', h('tr', h('td', 'b'))));
    box.append(h('table', h('caption', h('p', 'a'), table), h('tbody', h('tr', h('td', 'c')))));
  },
  'columns in odd places': (box, h) => {
    box.append(h('div', 'a', h('col', { class: 'x' }), h('colgroup', h('col')), 'b'));
    box.append(h('table', h('tbody', h('tr', h('td', 'c'))), h('col'), h('colgroup')));
  },
  'columns without a group': (box, h) => {
    const rows = h('tbody', h('tr', h('td', 'a'), h('td', 'b')));
    box.append(h('table', h('col', { width: '90' }), h('col', { width: '40' }), rows));
  },
  'text and elements in a group of columns': (box, h) => {
    const group = h('colgroup', 'text', h('div', 'div'), h('col', { width: '90' }), h('b', 'b'));
    box.append(h('table', group, h('tbody', h('tr', h('td', 'a'), h('td', 'b')))));
  },
  'sections in an order of their own': (box, h) => {
    const section = (/** @type {string} */ name) => h(name, h('tr', h('td', name)));
    box.append(h('table', ...['tfoot', 'tbody', 'thead', 'tbody', 'thead', 'tfoot'].map(section)));
  },
  'a form around rows': (box, h) => {
    const form = h('form', { class: 'f' }, h('tr', h('td', h('input'))), h('tr', h('td', 'b')));
    box.append(h('table', h('tbody', form)));
  },
  'a form in a table and in a row, with fields': (box, h) => {
    const row = h('tr', h('form', h('td', h('input', { value: 'a' })), h('td', 'b')));
    box.append(h('table', h('form', 'c', h('input')), h('tbody', row)));
  },
  'empty forms and hidden fields between rows': (box, h) => {
    const hidden = h('input', { type: 'hidden', value: 'v' });
    box.append(h('table', h('form', { id: 'f' }), h('tbody', hidden, h('tr', h('td', 'a')))));
  },
  'fields and selects between rows': (box, h) => {
    const select = h('select', h('option', 'one'), h('option', 'two'));
    box.append(h('table', h('input', { value: 'v' }), select, h('tbody', h('tr', h('td', 'a')))));
  },
  'styles and templates between rows': (box, h) => {
    const rows = h('tbody', h('style', 'td { color: red }'), h('tr', h('template'), h('td', 'a')));
    box.append(h('table', h('style', ' '), h('template', { id: 't' }), rows));
  },
  'white space and comments between the parts': (box, h) => {
    const row = h('tr', ' \n', h('td', 'a'), '\t', h('td', 'b'), document.createComment('x'), ' ');
    box.append(h('table', '\n  ', h('tbody', '\n    ', row, '\n  '), '\n'));
  },
  'no-break spaces in a table': (box, h) => {
    box.append(h('table', '\u00A0', h('tbody', h('tr', '\u00A0', h('td', 'a')))));
  },
  'list items and options in a table': (box, h) => {
    const rows = [h('li', 'a'), h('tr', h('td', h('li', 'b'))), h('option', 'c')];
    box.append(h('table', h('tbody', ...rows)));
  },
  'a table in a paragraph, in bold, in a button': (box, h) => {
    const small = (/** @type {string} */ text) => h('table', h('tbody', h('tr', h('td', text))));
    box.append(h('p', 'a', small('b'), 'c'), h('b', 'd', small('e')), h('button', 'f', small('g')));
  },
  'a table of elements that another rule lays out': (box, h) => {
    const cell = h('td', { style: 'display: block' }, 'a');
    const row = h('tr', { style: 'display: flex' }, cell, 'b', h('div', 'c'));
    box.append(h('table', { style: 'display: block' }, h('tbody', row), 'd', h('div', 'e')));
  },
  'a span, a picture and a break in a row': (box, h) => {
    box.append(h('table', h('tbody', h('tr', h('span', 'a'), h('br'), h('img', { alt: 'b' })))));
  },
  'striped rows with a stranger between': (box, h) => {
    const row = (/** @type {string} */ text) => h('tr', h('td', text));
    const rows = h('tbody', { class: 'striped' }, row('a'), row('b'), h('div', 'x'), row('c'));
    box.append(h('table', rows));
  },
};
