/** Colours to choose from for a tag: a popover beside its swatch. */
import { $, el, icon } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { PALETTE } from '../lib/tagcolours.js';

/**
 * @param {HTMLElement} button - beside which they stand
 * @param {string} label
 * @param {string} current - `#rrggbb` or empty
 * @param {(colour: string) => void} onChoose
 */
export function chooseColour(button, label, current, onChoose) {
  const popover = $('#colours');
  const choices = [...PALETTE, { value: '', name: 'colourNone' }].map(({ name, value }) => {
    const isOn = value === current.toLowerCase();
    const attributes = { type: 'button', title: t(name), 'aria-label': t(name) };
    const swatch = el(
      'button',
      { ...attributes, class: value ? 'swatch' : 'swatch none', 'aria-pressed': String(isOn) },
      isOn && value ? icon('check') : null,
    );
    swatch.style.setProperty('--tag', value || 'transparent');
    swatch.addEventListener('click', () => {
      popover.hidePopover();
      onChoose(value);
    });
    return swatch;
  });
  popover.setAttribute('aria-label', label);
  popover.replaceChildren(...choices);
  const { bottom, left } = button.getBoundingClientRect();
  popover.style.setProperty('top', `${Math.min(bottom + 6, innerHeight - 90)}px`);
  popover.style.setProperty('left', `${Math.max(8, Math.min(left - 8, innerWidth - 190))}px`);
  popover.showPopover();
  (choices.find((one) => one.ariaPressed === 'true') ?? choices[0]).focus();
  popover.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 5, ArrowUp: -5 }[event.key];
    const at = choices.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    if (step) {
      event.preventDefault();
      choices[Math.max(0, Math.min(choices.length - 1, at + step))].focus();
    }
  };
  popover.addEventListener(
    'toggle',
    (event) => {
      if (/** @type {ToggleEvent} */ (event).newState === 'closed' && button.isConnected) {
        button.focus();
      }
    },
    { once: true },
  );
}
