/**
 * What was changed on this page, and the way back: at the foot of the page as long as it is told, and
 * with Ctrl+Z as long as the page is open. What undoes can itself be undone.
 */
import { asHostError } from './errors.js';
import { plural, t } from './i18n.js';
import { toast } from './toast.js';
import { faultText } from './words.js';

/** @typedef {() => Promise<void>} Act */

/** The host keeps as many steps. */
const KEPT = 50;

/** The latest last. @type {{ undo: Act[], redo: Act[] }} */
const acts = { undo: [], redo: [] };

/**
 * Tells of a change that can be taken back.
 *
 * @param {string} text
 * @param {Act} act - takes it back, and tells of that
 * @param {'undo' | 'redo'} [kind] - `redo`: the change was itself an undoing
 */
export function offerUndo(text, act, kind = 'undo') {
  acts[kind].push(act);
  acts[kind].splice(0, acts[kind].length - KEPT);
  const label = kind === 'undo' ? t('undo') : t('redo');
  toast(text, { label, act: () => take(kind, act) });
}

/**
 * @param {'undo' | 'redo'} kind
 * @param {Act | undefined} act
 */
async function take(kind, act) {
  const at = acts[kind].lastIndexOf(/** @type {Act} */ (act));
  if (act && at >= 0) {
    acts[kind].splice(at, 1);
    try {
      await act();
    } catch (error) {
      toast(faultText(asHostError(error)));
    }
  }
}

/**
 * Tells of a change that the host can undo.
 *
 * @param {import('./host.js').Host} host
 * @param {string} text
 * @param {number | readonly number[]} steps - of the host, in their order; 0: nothing has changed
 * @param {() => unknown} onUndone
 * @param {'undo' | 'redo'} [kind]
 */
export function tellChange(host, text, steps, onUndone, kind = 'undo') {
  const made = [steps].flat().filter(Boolean);
  if (made.length === 0) {
    toast(text);
    return;
  }
  const act = async () => {
    const back = [];
    let left = 0;
    try {
      for (const step of made.reverse()) {
        const undone = await host.request('undo', { step });
        back.push(undone.step);
        left += undone.kept;
      }
      const words = left > 0 ? plural('undoneKept', left) : t('undone');
      tellChange(host, words, back, onUndone, kind === 'undo' ? 'redo' : 'undo');
    } finally {
      onUndone();
    }
  };
  offerUndo(text, act, kind);
}

/** Ctrl+Z, and Ctrl+Shift+Z or Ctrl+Y, wherever no text is being typed. */
export function listenForUndo() {
  document.addEventListener('keydown', (event) => {
    const { ctrlKey, metaKey, altKey, shiftKey, target } = event;
    const key = event.key.toLowerCase();
    const isText = 'textarea, [contenteditable], input:not([type=checkbox], [type=radio])';
    if (!(ctrlKey || metaKey) || altKey || event.isComposing || !/^[zy]$/.test(key)) {
      return;
    }
    if (/** @type {Element} */ (target).matches(isText)) {
      return;
    }
    event.preventDefault();
    const kind = key === 'y' || shiftKey ? 'redo' : 'undo';
    take(kind, acts[kind].at(-1));
  });
}
