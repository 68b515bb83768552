/**
 * The colours that a person has given to tags. A tag without one of its own has that of the tag
 * above it: `work/reading` that of `work`.
 */
import { el } from './dom.js';
import { foldTag } from './text.js';

/** Each has a contrast of 3 or more with every ground that it stands on, in light and in dark. */
export const PALETTE = Object.freeze([
  { value: '#cc5952', name: 'colourRed' },
  { value: '#bc671b', name: 'colourOrange' },
  { value: '#967b13', name: 'colourYellow' },
  { value: '#4f8b37', name: 'colourGreen' },
  { value: '#168d80', name: 'colourTeal' },
  { value: '#3281c4', name: 'colourBlue' },
  { value: '#846fc8', name: 'colourViolet' },
  { value: '#ba5d99', name: 'colourPink' },
]);

/** By folded name. @type {Map<string, string>} */
let colours = new Map();

/**
 * @param {import('./protocol.js').Tag[]} tags - all there are
 */
export function learnColours(tags) {
  colours = new Map(
    tags.filter(({ colour }) => colour).map((tag) => [foldTag(tag.name), tag.colour ?? '']),
  );
  for (const dot of document.querySelectorAll('.tag-dot[data-tag]')) {
    dress(/** @type {HTMLElement} */ (dot));
  }
}

/**
 * Asks for them. They are an ornament: without them the page works as well.
 *
 * @param {import('./host.js').Host} host
 */
export async function loadColours(host) {
  try {
    const { tags } = await host.request('tags.list', { all: true, unused: true });
    learnColours(tags);
  } catch {
    // The tags have no colours then.
  }
}

/**
 * @param {string} tag
 * @returns {string} empty: none
 */
export function colourOf(tag) {
  const parts = foldTag(tag).split('/');
  for (let n = parts.length; n > 0; n--) {
    const colour = colours.get(parts.slice(0, n).join('/'));
    if (colour) {
      return colour;
    }
  }
  return '';
}

/**
 * A dot in the tag's colour, now and when it changes; nothing is seen where it has none.
 *
 * @param {string} tag
 */
export function tagDot(tag) {
  const dot = el('span', { class: 'tag-dot', 'data-tag': tag, 'aria-hidden': 'true' });
  dress(dot);
  return dot;
}

/** @param {HTMLElement} dot */
function dress(dot) {
  const colour = colourOf(dot.dataset.tag ?? '');
  dot.hidden = !colour;
  dot.style.setProperty('--tag', colour || 'transparent');
}
