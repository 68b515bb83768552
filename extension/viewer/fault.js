/** What stands where a snapshot would, when there is none. */
import { el } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { errorText, remedyText } from '../lib/words.js';

/** @param {import('../lib/errors.js').HostError} error */
export function faultMessage(error) {
  const message = el(
    'div',
    { class: 'message', role: 'alert' },
    el('img', { src: '/icons/icon.svg', alt: '', width: 44, height: 44 }),
    el('p', { class: 'lead' }, errorText(error)),
    el('p', {}, remedyText(error)),
  );
  if (error.state) {
    const link = el('a', { href: '/welcome/welcome.html', class: 'button primary' }, t('setUp'));
    message.append(el('div', {}, link));
  }
  return message;
}
