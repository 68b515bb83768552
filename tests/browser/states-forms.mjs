/** States of forms, fields and selects that HTML text cannot say. See states-nesting.mjs. */

/** @typedef {import('./states-nesting.mjs').States} States */

/** @type {States} */
export const FORMS = {
  'a form in a form': (box, h) => {
    const inner = h('form', { class: 'inner' }, 'b', h('input', { value: 'c' }));
    box.append(h('form', 'a', inner, 'd'), 'e');
  },
  'a form in blocks in a form': (box, h) => {
    const inner = h('form', h('input', { name: 'b' }), h('form', 'c'));
    box.append(h('form', h('div', 'a', h('p', h('span', inner), 'd')), 'e'), h('form', 'f'));
  },
  'fields of a form elsewhere': (box, h) => {
    box.append(h('form', { id: 'far' }), h('input', { form: 'far', value: 'a' }), 'b');
    box.append(h('button', { form: 'far' }, 'c'));
  },
  'an option in an option, and without a select': (box, h) => {
    box.append(h('div', h('option', 'a', h('option', 'b'), 'c'), h('option', 'd')));
  },
  'groups of options in each other': (box, h) => {
    const inner = h('optgroup', { label: 'b' }, h('option', 'c'));
    box.append(h('select', { size: '5' }, h('optgroup', { label: 'a' }, inner, h('option', 'd'))));
  },
  'groups of options without a select': (box, h) => {
    const inner = h('optgroup', { label: 'b' }, h('option', 'c'));
    box.append(h('div', h('optgroup', { label: 'a' }, inner), h('p', h('optgroup', 'd'))));
  },
  'other content in a select': (box, h) => {
    const strange = [h('div', h('option', 'b')), h('p', 'c'), h('input'), h('span', h('b', 'd'))];
    box.append(h('select', 'a', h('option', 'one'), ...strange, h('option', 'two')), 'e');
  },
  'a select in a select, and in an option': (box, h) => {
    box.append(h('select', h('select', h('option', 'a')), h('option', 'b', h('select'))), 'c');
  },
  'elements in an option': (box, h) => {
    box.append(h('select', h('option', h('b', 'bold'), ' and ', h('i', 'italic'))), 'a');
  },
  'a rule and a table in a select': (box, h) => {
    const table = h('table', h('tbody', h('tr', h('td', 'a'))));
    box.append(h('select', { size: '4' }, h('option', 'one'), h('hr'), table, h('option', 'two')));
  },
  'what is chosen and filled in': (box, h) => {
    const input = h('input', { value: 'before' });
    const check = h('input', { type: 'checkbox' });
    const select = h('select', h('option', { selected: '' }, 'one'), h('option', 'two'));
    const area = h('textarea', 'before');
    box.append(input, check, select, area);
    input.value = 'now "<&>"';
    check.checked = true;
    select.value = 'two';
    area.value = '\n</textarea>now';
  },
  'a textarea with elements': (box, h) => {
    box.append(h('textarea', 'a', h('b', 'bold'), '</textarea><b>'));
  },
  'fields with children': (box, h) => {
    box.append(h('input', 'text', h('b', 'x')), h('meter', { value: '.5' }, 'half', h('b', 'x')));
    box.append(h('progress', { value: '.5' }, 'half'), h('output', h('p', 'out')));
  },
  'labels in labels': (box, h) => {
    box.append(h('label', 'a ', h('label', 'b ', h('input'), h('label', 'c')), 'd'));
  },
  'legends in odd places': (box, h) => {
    box.append(h('fieldset', 'a', h('div', h('legend', 'b')), h('legend', 'c'), h('legend', 'd')));
    box.append(h('legend', 'e'), h('p', h('legend', 'f')));
  },
  'a data list with blocks': (box, h) => {
    const list = h('datalist', { id: 'l' }, h('option', 'a'), h('div', h('option', 'b')), 'c');
    box.append(h('input', { list: 'l' }), list, 'd');
  },
  'buttons that hold blocks and fields': (box, h) => {
    box.append(h('button', h('div', 'a'), h('ul', h('li', 'b')), h('input', { value: 'c' })));
  },
  'a link, a label and a select in a button': (box, h) => {
    const select = h('select', h('option', 'c'));
    box.append(h('button', h('a', { href: '#' }, 'a'), h('label', 'b'), select, 'd'));
  },
  'details with two summaries, and one that is late': (box, h) => {
    box.append(h('details', { open: '' }, h('summary', 'a'), h('summary', 'b'), 'c'));
    box.append(h('details', 'd', h('summary', 'e')), h('summary', 'f'));
  },
  'an open dialog and a closed one': (box, h) => {
    const style = 'position: static; margin: 0';
    box.append(
      h('dialog', { open: '', style }, h('form', h('button', 'a'))),
      h('dialog', 'b'),
      'c',
    );
  },
  'a popover that is closed': (box, h) => {
    box.append(
      h('div', { popover: '', id: 'pop' }, 'a'),
      h('button', { popovertarget: 'pop' }, 'b'),
    );
  },
  'content that may be edited': (box, h) => {
    box.append(h('div', { contenteditable: '' }, h('p', 'a', h('div', 'b')), h('br')));
  },
};
