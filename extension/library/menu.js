/** A button that unfolds a few things to choose from. */
import { el, icon } from '../lib/dom.js';

let menus = 0;

/**
 * @param {HTMLElement} button
 * @param {readonly { drawing: string, words: string, text: string, act: () => void }[]} choices
 * @returns {HTMLElement} the list: to be put beside the button
 */
export function menuOf(button, choices) {
  const id = `menu-${++menus}`;
  const items = choices.map(({ act, drawing, text, words }) => {
    const label = el('span', {}, el('strong', {}, words), el('small', {}, text));
    const onclick = () => {
      menu.hidePopover();
      button.focus();
      act();
    };
    return el('button', { type: 'button', role: 'menuitem', onclick }, icon(drawing), label);
  });
  const attributes = { id, class: 'menu', popover: 'auto', role: 'menu' };
  const menu = el('div', { ...attributes, 'aria-label': button.textContent?.trim() }, ...items);
  button.setAttribute('popovertarget', id);
  button.setAttribute('aria-haspopup', 'menu');
  menu.addEventListener('toggle', (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === 'open') {
      stand(menu, button);
      items[0].focus();
    }
  });
  menu.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
      items[(at + step + items.length) % items.length].focus();
    }
    event.stopPropagation();
  });
  return menu;
}

/**
 * @param {HTMLElement} menu
 * @param {HTMLElement} button
 */
function stand(menu, button) {
  const { bottom, left, right } = button.getBoundingClientRect();
  const width = menu.offsetWidth;
  const isStart = left + width < innerWidth - 8;
  menu.style.setProperty('left', `${isStart ? left : Math.max(8, right - width)}px`);
  menu.style.setProperty('top', `${bottom + 4}px`);
}
