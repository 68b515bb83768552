/** Highlights as the host keeps them: read, changed, taken away with a way back. */
import { asHostError } from './errors.js';
import { t } from './i18n.js';
import { toast } from './toast.js';
import { offerUndo } from './undo.js';
import { faultText } from './words.js';

/** @typedef {import('./inks.js').Highlight} Highlight */

/** Of one answer. */
const PART = 200;

/**
 * @param {import('./host.js').Host} host
 * @param {{ page?: number }} which
 * @param {AbortSignal} [signal]
 * @returns {AsyncGenerator<Highlight[]>}
 */
export async function* readMarks(host, which, signal) {
  let cursor = '';
  do {
    const params = { ...which, limit: PART, ...(cursor ? { cursor } : {}) };
    const part = await host.request('highlights.list', params, { signal });
    yield part.highlights;
    cursor = part.highlights.length > 0 ? part.cursor : '';
  } while (cursor);
}

/**
 * @param {import('./host.js').Host} host
 * @param {Highlight} one
 * @param {{ note?: string, colour?: import('./inks.js').Colour }} changes
 * @param {(now: Highlight) => void} onChanged - here, or when it is undone
 * @param {'undo' | 'redo'} [kind]
 * @returns {Promise<Highlight>} as it is now
 */
export async function changeMark(host, one, changes, onChanged, kind = 'undo') {
  const { highlight, note, colour } = one;
  try {
    const now = await host.request('highlights.update', { highlight, ...changes });
    onChanged(now);
    const before = changes.note === undefined ? { colour } : { note };
    const words = kind === 'redo' ? t('undone') : t('markChanged');
    const back = async () => {
      await changeMark(host, now, before, onChanged, kind === 'undo' ? 'redo' : 'undo');
    };
    offerUndo(words, back, kind);
    return now;
  } catch (error) {
    toast(faultText(asHostError(error)));
    return one;
  }
}

/**
 * @param {import('./host.js').Host} host
 * @param {Highlight} one
 * @param {(isThere: boolean) => void} onChanged
 */
export async function removeMark(host, { highlight }, onChanged) {
  const remove = async (/** @type {'undo' | 'redo'} */ kind) => {
    await host.request('highlights.delete', { highlight });
    onChanged(false);
    const back = async () => {
      await host.request('highlights.restore', { highlight });
      onChanged(true);
      offerUndo(t('undone'), () => remove('undo'), 'redo');
    };
    offerUndo(t('highlightDeleted'), back, kind);
  };
  try {
    await remove('undo');
  } catch (error) {
    toast(faultText(asHostError(error)));
  }
}
