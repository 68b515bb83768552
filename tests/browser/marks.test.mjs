/** What elements are only because of a script: it must not be lost with the script. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BROWSERS } from './browsers.mjs';
import { Harness, query } from './harness.mjs';

for (const name of BROWSERS) {
  describe(`marks in ${name}`, { timeout: 120_000 }, () => {
    /** @type {Harness} */
    let harness;
    before(async () => {
      harness = await Harness.start(name, { '/': '<!DOCTYPE html><title>t</title><body></body>' });
    });
    after(() => harness?.stop());

    /**
     * @param {() => unknown} script
     * @param {string} selector
     */
    async function visitAndQuery(script, selector) {
      const { items } = await harness.visit('/', script);
      return query(harness, items[0].data, selector);
    }

    it('says which custom elements are not defined', async () => {
      const found = await visitAndQuery(() => {
        customElements.define('x-known', class extends HTMLElement {});
        document.body.innerHTML =
          '<x-known></x-known><x-unknown></x-unknown><p></p><unknown></unknown><svg><x-svg/></svg>';
        const root = document.createElement('div').attachShadow({ mode: 'closed' });
        root.innerHTML = '<x-known></x-known><x-unknown></x-unknown>';
        document.body.append(root.host);
      }, 'x-known, x-unknown, p, unknown, x-svg');
      assert.deepEqual(
        found.map((each) => [each.name, each.attributes['ls-is']]),
        [
          ['x-known', undefined],
          ['x-unknown', 'undefined'],
          ['p', undefined],
          ['unknown', undefined],
          ['x-svg', undefined],
          ['x-known', undefined],
          ['x-unknown', 'undefined'],
        ],
      );
    });

    it('says the custom states that style sheets ask for', async () => {
      const found = await visitAndQuery(() => {
        const shared = new CSSStyleSheet();
        shared.replaceSync(':host(:state(on)) { color: red } i { top: 0 }');
        class Switch extends HTMLElement {
          internals = this.attachInternals();
          connectedCallback() {
            const root = this.attachShadow({ mode: 'closed' });
            root.adoptedStyleSheets = [shared];
            for (const state of this.title.split(' ').filter(Boolean)) {
              this.internals.states.add(state);
            }
          }
        }
        customElements.define('x-switch', Switch);
        document.body.innerHTML =
          '<style>x-switch:state(wide) { width: 9px }</style><x-switch title="on"></x-switch>' +
          '<x-switch title="wide on unasked"></x-switch><x-switch></x-switch>';
      }, 'x-switch');
      assert.deepEqual(
        found.map(({ attributes }) => attributes['ls-is']?.split(' ').sort().join(' ')),
        ['state-on', 'state-on state-wide', undefined],
      );
    });

    it('gives names to slots that a script filled', async () => {
      const found = await visitAndQuery(() => {
        const host = document.createElement('div');
        host.innerHTML = '<b>1</b>text<i slot="x">2</i><u>nowhere</u>';
        const root = host.attachShadow({ mode: 'open', slotAssignment: 'manual' });
        root.innerHTML =
          '<slot id="first"></slot><slot id="second" name="x"></slot><slot id="third">';
        const [first, second] = root.querySelectorAll('slot');
        const [one, text, two] = host.childNodes;
        first.assign(/** @type {Element} */ (two));
        second.assign(/** @type {Element} */ (one), /** @type {Text} */ (text));
        document.body.append(host);
      }, 'slot, b, i, u, span');
      const slots = new Map(
        found.map(({ attributes, text, ...each }) => [
          each.name === 'slot' ? attributes.id : text,
          attributes.name ?? attributes.slot,
        ]),
      );
      assert.equal(slots.get('2'), slots.get('first'));
      assert.equal(slots.get('1'), slots.get('second'));
      assert.equal(slots.get('text'), slots.get('second'));
      assert.equal(new Set(slots.values()).size, 4);
      assert.ok(slots.get('third') && ![...slots.values()].includes(''));
      assert.notEqual(slots.get('nowhere'), slots.get('third'));
    });

    it('says what lies over the page, with what is between', async () => {
      const found = await visitAndQuery(() => {
        document.body.innerHTML = `<style>
            #modal::backdrop { background: rgb(1, 2, 3) }
            #modal { box-shadow: 1px 1px red }
            #clear::backdrop { display: none }
          </style>
          <dialog id="modal">m</dialog><dialog id="plain" open>p</dialog><dialog id="clear">c</dialog>
          <div popover id="popover">p</div><div popover id="closed">c</div>`;
        for (const id of ['modal', 'clear']) {
          /** @type {HTMLDialogElement} */ (document.getElementById(id)).showModal();
        }
        document.getElementById('popover')?.showPopover();
      }, 'dialog, [popover]');
      const [modal, plain, clear, popover, closed] = found.map(({ attributes }) => attributes);
      assert.equal(modal['ls-is'], 'modal');
      assert.match(modal.style, /box-shadow: .*1px 1px.*, 0 0 0 200vmax rgb\(1, 2, 3\)/);
      assert.match(
        modal.style,
        /position: fixed; .*margin: auto auto auto auto;.*z-index: 2147483647/,
      );
      assert.deepEqual([plain['ls-is'], plain.style], [undefined, undefined]);
      assert.doesNotMatch(clear.style, /box-shadow/);
      assert.equal(popover['ls-is'], 'popover-open');
      assert.match(popover.style, /^display: block; position: fixed; inset: /);
      assert.deepEqual([closed['ls-is'], closed.style], [undefined, undefined]);
    });

    it('keeps fields that a person has spoilt, and boxes that are neither on nor off', async () => {
      const page = await harness.open('/');
      await page.evaluate(() => {
        document.body.innerHTML =
          '<input id="typed" required><input id="fresh" required>' +
          '<input type="checkbox" id="half"><input type="radio" name="r" id="radio">';
        /** @type {HTMLInputElement} */ (document.getElementById('half')).indeterminate = true;
      });
      await page.click('#typed');
      await page.press('a');
      await page.press('Backspace');
      await page.click('#fresh');
      const { items } = await harness.capture(page);
      const inputs = await query(harness, items[0].data, 'input');
      const [typed, fresh, half, radio] = inputs.map(({ attributes }) => attributes);
      assert.deepEqual([typed['ls-is'], fresh['ls-is']], ['user-invalid', undefined]);
      assert.match(
        half.style,
        /appearance: none; width: [\d.]+px; height: [\d.]+px; background: url\("data:/,
      );
      assert.equal(radio.style, undefined);
      await page.close();
    });
  });
}
