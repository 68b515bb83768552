/** The live tree: what scripts have made of a page since it was loaded. */
import { features, untilReady } from './features.mjs';

features('the live tree', [
  {
    site: 'shadow',
    facts: [
      {
        it: 'shows open, closed, declared and nested roots, with parts and inherited variables',
        green: '.host, my-card',
      },
      {
        it: 'leaves open roots open and closed ones closed',
        see: () =>
          ['open', 'closed', 'declared', 'outer', 'card'].map(
            (id) => document.getElementById(id)?.shadowRoot?.mode ?? 'closed',
          ),
        is: ['open', 'closed', 'open', 'open', 'closed'],
      },
    ],
  },
  {
    site: 'slots',
    facts: [
      {
        it: 'puts children into the slots that they were in',
        see: () =>
          [...document.querySelectorAll('.host')].map((host) =>
            [...host.children]
              .filter((child) => child.getClientRects().length > 0)
              .sort((a, b) => a.getBoundingClientRect().x - b.getBoundingClientRect().x)
              .map(({ id }) => id),
          ),
        is: [['first', 'rest', 'second'], [], ['assigned'], ['two', 'one'], ['through']],
      },
      {
        it: 'styles what is slotted, by name, by default and by hand',
        green: '#first, #second, #rest, #assigned, #one, #two, #through',
      },
      {
        it: 'shows what a slot holds when nothing is in it',
        see: () => document.getElementById('fallback')?.getBoundingClientRect().height,
        is: 40,
      },
    ],
  },
  {
    site: 'adopted',
    // One box of ten has the picture that is lost.
    looks: 0.12,
    facts: [
      {
        it: 'keeps adopted sheets, in their order, after those of the page',
        green: '#document, #after, #order, #replaced, #inserted',
      },
      { it: 'keeps their media, and leaves switched off ones off', green: '#print, #disabled' },
      {
        it: 'resolves their URLs by the base that a script gave',
        green: '#picture',
        lacks: {
          chromium: 'Chromium resolves them by the page',
          firefox: 'no script can ask a sheet for its base',
        },
      },
      { it: 'keeps a sheet that several roots share', green: '#shared-a, #shared-b' },
    ],
  },
  {
    site: 'cssom',
    ready: untilReady,
    facts: [
      { it: 'keeps rules inserted into a <style>, changed, and taken out', green: '#a, #b, #c' },
      { it: 'keeps conditions that were changed, and rules put under them', green: '#d, #e' },
      {
        it: 'keeps rules inserted into and changed in a linked sheet',
        green: '#link-inserted, #link-changed, #link-nested',
      },
      { it: 'resolves URLs in it by its own base', green: '#link-picture, #link-kept' },
      { it: 'leaves a sheet off, and its new media', green: '#link-off, #link-media' },
      { it: 'leaves a changed sheet in its place of the cascade', green: '#last' },
      {
        it: 'keeps rules that were inserted in a shadow root',
        see: () => {
          const inside = document.getElementById('host')?.shadowRoot?.querySelector('p');
          return inside && getComputedStyle(inside).backgroundColor;
        },
        is: 'rgb(0, 128, 0)',
      },
    ],
  },
  {
    site: 'custom-elements',
    facts: [
      { it: 'styles elements that were defined', green: '#known, #late, #guarded, #nested' },
      { it: 'styles those that were not', green: '#unknown' },
      { it: 'styles customized built-in ones', green: '#button' },
      { it: 'styles by custom states', green: '#state' },
      {
        it: 'styles them in shadow roots',
        see: () => {
          const inside = document.getElementById('host')?.shadowRoot?.querySelector('x-known');
          return inside && getComputedStyle(inside).backgroundColor;
        },
        is: 'rgb(0, 128, 0)',
      },
      {
        it: 'keeps their names',
        see: () =>
          [...document.body.querySelectorAll('*')]
            .map(({ localName }) => localName)
            .filter((each) => each.startsWith('x-')),
      },
    ],
  },
  {
    site: 'template',
    facts: [
      {
        it: 'keeps what templates hold',
        see: () =>
          [...document.querySelectorAll('template')].map(({ content }) => [
            ...[...content.querySelectorAll('*')].map(({ localName }) => localName),
            content.textContent,
          ]),
        is: [
          ['tr', 'td', 'b', 'cell bold'],
          ['p', 'template', 'outer'],
          ['p', 'by script'],
        ],
      },
      { it: 'shows nothing of their content', see: () => document.body.innerText, is: 'seen' },
    ],
  },
  {
    site: 'foreign',
    facts: [
      { it: 'draws SVG whose names have capitals', green: 'svg' },
      {
        it: 'keeps names, namespaces and attributes in their case',
        see: () =>
          [...document.querySelectorAll('svg :not(a), math, math *')].map(
            ({ localName, namespaceURI, attributes }) =>
              [
                String(namespaceURI).split('/').pop(),
                localName,
                ...[...attributes].map(({ name }) => name).filter((each) => each !== 'xmlns'),
              ].join(' '),
          ),
      },
      {
        it: 'sets formulas as they were',
        see: () =>
          [...document.querySelectorAll('math, math *')].map((each) => {
            const { width, height } = each.getBoundingClientRect();
            return `${each.localName} ${Math.round(width)}x${Math.round(height)}`;
          }),
      },
      {
        it: 'knows HTML in SVG as HTML',
        see: () => document.querySelector('.in')?.namespaceURI,
        is: 'http://www.w3.org/1999/xhtml',
      },
    ],
  },
  {
    site: 'open-state',
    facts: [
      {
        it: 'leaves open what was open, and shut what was not',
        see: () =>
          [...document.querySelectorAll('.tile')]
            .filter((each) => each.checkVisibility({ contentVisibilityAuto: true }))
            .map(({ id }) => id),
        is: ['shown', 'in-nonmodal', 'in-modal', 'in-popover', 'in-inside'],
      },
      { it: 'leaves dialogs and popovers where they were', green: '#in-modal, #in-nonmodal' },
      { it: 'leaves popovers on top of everything', green: '#in-popover, #in-inside' },
      { it: "shows a modal dialog's backdrop", green: '#backdrop' },
    ],
  },
  {
    site: 'scroll',
    // Scroll bars stand at their start.
    looks: 0.02,
    facts: [
      {
        it: 'leaves boxes scrolled, both ways, within each other, in flex rows and shadow roots',
        see: () => {
          const inside = document.getElementById('host')?.shadowRoot?.getElementById('in');
          return [...document.querySelectorAll('.tile, .sticky, #g'), inside].map((each) => {
            const { x, y } = /** @type {Element} */ (each).getBoundingClientRect();
            return [each?.id, Math.round(x), Math.round(y)];
          });
        },
      },
      { it: 'shows what was scrolled to', green: '#a, #b, #c, #d, #e, #f, #g' },
    ],
  },
  {
    site: 'forms',
    facts: [
      {
        it: 'keeps values, but no passwords',
        live: false,
        see: () => {
          const form = /** @type {HTMLFormElement} */ (document.getElementById('form'));
          const { elements } = /** @type {any} */ (form);
          const names = 'text search email number range color date time hidden password tint list';
          return Object.fromEntries(names.split(' ').map((name) => [name, elements[name].value]));
        },
        is: {
          text: '新 <"&\'>',
          search: 'q',
          email: 'a@b',
          number: '42',
          range: '7',
          color: '#008000',
          date: '2026-07-01',
          time: '12:34',
          hidden: 'h1',
          password: '',
          tint: 'x',
          list: 'typed',
        },
      },
      {
        it: 'keeps choices, long texts and results',
        see: () => {
          const form = /** @type {HTMLFormElement} */ (document.getElementById('form'));
          const { check, uncheck, radio, one, many, area, out } = /** @type {any} */ (
            form.elements
          );
          const [progress, meter] = [...document.querySelectorAll('progress, meter')];
          return [
            [check.checked, uncheck.checked, radio.value, one.value],
            [...many.options].map((/** @type {HTMLOptionElement} */ each) => each.selected),
            [area.value, out.value],
            [progress, meter].map((each) => /** @type {HTMLMeterElement} */ (each).value),
          ];
        },
        is: [
          [true, false, 'b', 'c'],
          [false, true, false, true],
          ['\n\nfirst\n  second </textarea> & ', 'computed'],
          [4, 9],
        ],
      },
      { it: 'styles them as they are', green: '.mark, #tint' },
    ],
  },
  {
    site: 'editable',
    facts: [
      {
        it: 'keeps what was typed',
        see: () =>
          [...document.querySelectorAll('div')].map((each) => {
            const { width, height } = each.getBoundingClientRect();
            return [each.textContent, width, height];
          }),
      },
      { it: 'styles it as what it is', green: '.tile' },
    ],
  },
]);
