/** The small picture in front of a page: its icon, or the first letter of its site in a colour. */
import { el } from './dom.js';

/**
 * @param {string} site
 * @param {string} icon - shown only as a data: URL, so that nothing is fetched
 * @returns {HTMLElement}
 */
export function avatar(site, icon) {
  const box = el('span', { class: 'avatar', 'aria-hidden': 'true' });
  const letter = [...site].find((character) => /[\p{L}\p{N}]/u.test(character)) ?? '·';
  box.style.setProperty('--hue', String(hue(site)));
  box.textContent = letter.toUpperCase();
  if (icon.startsWith('data:image/')) {
    const picture = el('img', { src: icon, alt: '', onerror: () => picture.remove() });
    picture.addEventListener('load', () => {
      box.classList.add('pictured');
      box.replaceChildren(picture);
    });
  }
  return box;
}

/**
 * The same site has the same colour.
 *
 * @param {string} text
 * @returns {number} degrees
 */
function hue(text) {
  let hash = 0;
  for (let i = 0; i < text.length; i++) {
    hash = (hash * 31 + text.charCodeAt(i)) % 3600;
  }
  return hash / 10;
}
