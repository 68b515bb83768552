/** Tells of a change at the foot of the page, with the way back. */
import { asHostError } from './errors.js';
import { plural, t } from './i18n.js';
import { toast } from './toast.js';
import { faultText } from './words.js';

/**
 * @param {import('./host.js').Host} host
 * @param {string} text
 * @param {number} step - of the host; 0: nothing has changed
 * @param {() => void} onUndone
 * @param {string} [label]
 */
export function tellChange(host, text, step, onUndone, label = t('undo')) {
  if (!step) {
    toast(text);
    return;
  }
  const act = async () => {
    try {
      const { kept, step: back } = await host.request('undo', { step });
      const undone = kept > 0 ? plural('undoneKept', kept) : t('undone');
      // What undoes the undoing does it again.
      tellChange(host, undone, back, onUndone, t(label === t('undo') ? 'redo' : 'undo'));
    } catch (error) {
      toast(faultText(asHostError(error)));
    }
    onUndone();
  };
  toast(text, { label, act });
}
