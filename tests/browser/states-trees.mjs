/** States of shadow trees, templates, and trees that are very deep or wide. See states-nesting.mjs. */

/** @typedef {import('./states-nesting.mjs').States} States */

/** @type {States} */
export const SHADOWS = {
  'a shadow root on every element that may have one': (box, h) => {
    const names =
      'article aside blockquote div footer h1 h2 h3 h4 h5 h6 header main nav p section span x-y';
    for (const name of names.split(' ')) {
      const host = h(name, 'light');
      host.attachShadow({ mode: 'open' }).append(h('b', name, ': '), h('slot'));
      box.append(host);
    }
  },
  'closed roots': (box, h) => {
    const host = h('div', 'light');
    const closedForTests = host.attachShadow({ mode: 'closed' });
    closedForTests.append(h('i', 'shadow '), h('slot'));
    Object.assign(host, { closedForTests });
    box.append(host);
  },
  'roots in roots': (box, h) => {
    let inner = h('x-inner', 'innermost');
    for (let i = 0; i < 8; i++) {
      const host = h('x-outer', h('b', { slot: 'x' }, `${i}`), 'light');
      host.attachShadow({ mode: 'open' }).append(h('slot', { name: 'x' }), inner, h('slot'));
      inner = host;
    }
    box.append(inner);
  },
  'slots with names, fallbacks and slots': (box, h) => {
    const host = h('div', h('b', { slot: 'a' }, 'A'), 'rest', h('i', { slot: 'none' }, 'unseen'));
    const outer = h('slot', { name: 'b' }, 'fallback ', h('slot', { name: 'a' }));
    host.attachShadow({ mode: 'open' }).append(h('p', outer), h('slot'), h('slot', { name: 'a' }));
    box.append(host, h('slot', 'a slot without a root'));
  },
  'slots assigned by script': (box, h) => {
    const host = h('div', h('b', 'one'), h('i', 'two'));
    const slot = h('slot');
    const root = host.attachShadow({ mode: 'open', slotAssignment: 'manual' });
    root.append('root: ', slot);
    slot.assign(host.lastElementChild);
    box.append(host);
  },
  'sheets that roots adopted': (box, h) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(':host { color: rgb(1, 2, 3) } b { border: 2px solid }');
    for (let i = 0; i < 2; i++) {
      const host = h('div', 'light');
      const root = host.attachShadow({ mode: 'open' });
      root.append(h('b', 'shadow'), h('slot'));
      root.adoptedStyleSheets = [sheet];
      box.append(host);
    }
  },
  'styles of a root with :host and ::slotted': (box, h) => {
    const host = h('x-card', { class: 'big' }, h('b', 'light'));
    const style = h(
      'style',
      ':host(.big) { display: block; padding: 9px } ::slotted(b) { color: red }',
    );
    host.attachShadow({ mode: 'open' }).append(style, h('slot'));
    box.append(host);
  },
  'a root that holds what parsers rearrange': (box, h) => {
    const host = h('p', 'light');
    const root = host.attachShadow({ mode: 'open' });
    root.append(h('p', 'a', h('p', 'b')), h('tr', h('td', 'c')), h('a', h('a', 'd')), h('slot'));
    box.append(host);
  },
  'a block in a paragraph that hosts a root': (box, h) => {
    const host = h('p', { style: 'border: 1px solid' }, h('div', { slot: 'x' }, 'a'), 'b');
    host.attachShadow({ mode: 'open' }).append(h('slot', { name: 'x' }), 'c', h('slot'));
    box.append(host);
  },
  'strangers of a table that a root slots': (box, h) => {
    const host = h('div', h('td', { slot: 'x' }, 'a'), h('li', 'b'));
    host.attachShadow({ mode: 'open' }).append(h('slot'), h('slot', { name: 'x' }));
    box.append(host);
  },
  'a link in a link by way of a root': (box, h) => {
    const host = h('x-y', h('a', { href: '#b' }, 'b'));
    host.attachShadow({ mode: 'open' }).append(h('a', { href: '#c' }, 'c'), h('slot'));
    box.append(h('a', { href: '#a' }, 'a', host));
  },
  'an empty root, which hides all': (box, h) => {
    const host = h('div', 'unseen', h('b', 'unseen'));
    host.attachShadow({ mode: 'open' });
    box.append(host, 'a');
  },
};

/** @type {States} */
export const TEMPLATES = {
  'a template with text and elements': (box) => {
    box.innerHTML = '<template id="t"><p class="c">a</p>text<b>b</b></template>after';
  },
  'a template with rows and cells': (box) => {
    box.innerHTML = '<template><tr><td>a</td></tr></template><template><td>b</td></template>after';
  },
  'a template in a template, between texts': (box) => {
    box.innerHTML = '<template>a<template><b>b</b></template>c</template>after';
  },
  'templates in a table, a select and a list': (box) => {
    box.innerHTML = `<table><template><tr><td>a</td></tr></template><tbody><tr><td>b</td></tr></tbody>
      </table><select><template><option>c</option></template><option>d</option></select>
      <ul><template><li>e</li></template><li>f</li></ul>`;
  },
  'a template with children beside its content': (box, h) => {
    box.append(h('template', 'a child', h('p', 'another')), 'after');
  },
  'a template with a paragraph in a paragraph': (box, h) => {
    const template = h('template');
    template.content.append(h('p', 'a', h('p', 'b')), h('tr', h('td', 'c')), 'text');
    box.append(template, 'after');
  },
  'a template that is shown': (box, h) => {
    box.append(h('template', { style: 'display: block; border: 1px solid' }, 'a child'), 'after');
  },
};

/** @type {States} */
export const EXTENT = {
  '400 elements deep': (box, h) => {
    let inner = h('span', 'innermost');
    for (let i = 0; i < 400; i++) {
      inner = h(i % 2 ? 'div' : 'section', inner);
    }
    box.append(inner, 'after');
  },
  '600 elements deep': (box, h) => {
    let inner = h('span', 'innermost');
    for (let i = 0; i < 600; i++) {
      inner = h('div', inner);
    }
    box.append(inner, 'after');
  },
  '2500 elements deep': (box, h) => {
    let inner = h('span', 'innermost');
    for (let i = 0; i < 2500; i++) {
      inner = h('div', inner);
    }
    box.append(inner, 'after');
  },
  '100 times bold': (box, h) => {
    let inner = h('b', 'innermost');
    for (let i = 0; i < 100; i++) {
      inner = h(i % 3 ? 'b' : 'i', inner);
    }
    box.append(inner, 'after');
  },
  '60 tables in each other': (box, h) => {
    let inner = h('b', 'innermost');
    for (let i = 0; i < 60; i++) {
      inner = h('table', h('tbody', h('tr', h('td', inner))));
    }
    box.append(inner, 'after');
  },
  '60 paragraphs and links in each other': (box, h) => {
    let inner = h('b', 'innermost');
    for (let i = 0; i < 30; i++) {
      inner = h('p', h('a', { href: '#' }, inner));
    }
    box.append(inner, 'after');
  },
  '3,000 elements side by side': (box, h) => {
    for (let i = 0; i < 1000; i++) {
      box.append(h('b', `${i}`), ' ', h('i'), h('p', 'x'));
    }
  },
  '500 paragraphs with blocks': (box, h) => {
    for (let i = 0; i < 500; i++) {
      box.append(h('p', `${i}`, h('div', 'block')));
    }
  },
};
