/** A short message at the foot, with one thing to do about it. */
import { $, el, icon } from './dom.js';
import { t } from './i18n.js';

/** Long enough to read it and reach for the button; it stays while it is pointed at. */
const SHOWN_MS = 8000;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/**
 * @param {string} text
 * @param {{ label: string, act: () => void }} [action]
 */
export function toast(text, action) {
  const root = $('#toast');
  const hide = () => root.replaceChildren();
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(hide, SHOWN_MS);
  };
  const attributes = { type: 'button', 'aria-label': t('close'), title: t('close') };
  const close = el('button', { ...attributes, class: 'icon-button', onclick: hide }, icon('close'));
  const body = el('div', { class: 'toast' }, el('span', {}, text));
  if (action) {
    const onclick = () => {
      hide();
      action.act();
    };
    body.append(el('button', { type: 'button', class: 'link-button', onclick }, action.label));
  }
  body.append(close);
  body.addEventListener('pointerenter', () => clearTimeout(timer));
  body.addEventListener('pointerleave', wait);
  body.addEventListener('focusin', () => clearTimeout(timer));
  body.addEventListener('focusout', wait);
  root.replaceChildren(body);
  wait();
}
