/** Prints what is shown, whole and in pages: from a frame of its own, out of sight. */
import { $ } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { showInCell } from './cell.js';

let address = '';

/**
 * @param {Blob} file
 * @returns {Promise<void>} when the browser has asked what to do with it
 */
export async function print(file) {
  if (address) {
    URL.revokeObjectURL(address);
  }
  address = URL.createObjectURL(file);
  const shown = await showInCell($('#printing'), {
    file,
    address,
    title: t('viewerFrame'),
    isMade: false,
    way: 'print',
  });
  shown?.frame.contentWindow?.print();
}
