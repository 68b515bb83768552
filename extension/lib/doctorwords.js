/**
 * What a person reads for each finding of the host's `doctor`: by its stable name, which a test holds to
 * the host's own list. What is not known here is said in the host's words.
 */
import { bytes } from './format.js';
import { language, plural, t } from './i18n.js';
import { errorText, remedyText } from './words.js';

/** @typedef {import('./protocol.js').Finding} Finding */

/** @typedef {{ text: string, remedy?: string, command?: string }} Words - `command` is to be typed */

/** @param {string} value - a number of bytes */
const sized = (value) => bytes(Number(value) || 0, language);

/**
 * A path as a shell takes it.
 *
 * @param {string} path
 */
const quoted = (path) =>
  /^[\w/.,@%+-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;

/** What to type where the file itself is at fault. @type {ReadonlyMap<string, string>} */
const MENDING = new Map([
  ['store_corrupt', 'linksnap fsck --repair'],
  ['store', 'LINKSNAP_LOG=debug linksnap doctor'],
]);

/**
 * @param {string} key
 * @param {string} path
 * @param {string} [name] - of an error
 * @returns {Words}
 */
function faulty(key, path, name = 'store') {
  const text = t('sentences', t(key, path), errorText({ name }));
  const command = MENDING.get(name);
  return command
    ? { text, remedy: t(name === 'store' ? 'doctorSayMore' : 'doctorMend'), command }
    : { text, remedy: remedyText({ name }) };
}

/** @type {ReadonlyMap<string, (values: string[]) => Words>} */
export const FINDINGS = new Map(
  /** @type {[string, (values: string[]) => Words][]} */ ([
    ['version', ([version]) => ({ text: t('doctorVersion', version) })],
    [
      'store_ready',
      ([path, pages]) => ({ text: plural('doctorStoreReady', Number(pages)), command: path }),
    ],
    ['store_opens', ([path]) => ({ text: t('doctorStoreOpens'), command: path })],
    ['store_none', ([path]) => ({ text: t('doctorStoreNone'), command: path })],
    ['store_error', ([path, name]) => faulty('doctorStoreError', path, name)],
    ['store_readonly', ([path, name]) => faulty('doctorStoreReadonly', path, name)],
    [
      'store_unreadable',
      ([path]) => ({ text: t('doctorStoreUnreadable', path), remedy: t('remedyStoreReadonly') }),
    ],
    [
      'store_no_file',
      ([path]) => ({ text: t('doctorStoreNoFile', path), remedy: t('doctorStoreNoFileDo') }),
    ],
    [
      'store_foreign',
      ([path]) => ({
        ...{ text: t('doctorStoreForeign', path), remedy: t('doctorStoreForeignDo') },
        command: `sudo chown "$USER" ${quoted(path)}`,
      }),
    ],
    [
      'store_open_to_others',
      ([path]) => ({
        ...{ text: t('doctorStoreOpen', path), remedy: t('doctorStoreOpenDo') },
        command: `chmod go-rwx ${quoted(path)}`,
      }),
    ],
    ['store_in_home', () => ({ text: t('doctorStoreInHome'), remedy: t('doctorStoreInHomeDo') })],
    [
      'disk_low',
      ([free]) => ({ text: t('doctorDiskLow', sized(free)), remedy: t('doctorDiskLowDo') }),
    ],
    [
      'quota_over',
      ([taken, quota]) => ({
        text: t('doctorQuota', sized(taken), sized(quota)),
        remedy: t('optionsStorageOverText'),
      }),
    ],
    [
      'snapshots_pending',
      ([count]) => ({
        ...{ text: plural('doctorPending', Number(count)), remedy: t('doctorPendingDo') },
        command: 'linksnap retry',
      }),
    ],
    ['queue_empty', () => ({ text: t('doctorQueueEmpty') })],
    ['queue_open', ([count]) => ({ text: plural('doctorQueueOpen', Number(count)) })],
    [
      'queue_paused',
      ([count]) => ({
        text: plural('doctorQueuePaused', Number(count)),
        remedy: t('doctorQueuePausedDo'),
      }),
    ],
    [
      'queue_failed',
      ([count]) => ({
        text: plural('doctorQueueFailed', Number(count)),
        remedy: t('doctorQueueFailedDo'),
      }),
    ],
    ['pdf_tool', () => ({ text: t('doctorPdf') })],
    [
      'pdf_missing',
      () => ({
        ...{ text: t('doctorPdfMissing'), remedy: t('doctorPdfMissingDo') },
        command: 'sudo apt install poppler-utils poppler-data',
      }),
    ],
    ['confined', () => ({ text: t('doctorConfined') })],
    [
      'unconfined',
      ([what]) => ({ text: t('doctorUnconfined', what), remedy: t('doctorUnconfinedDo') }),
    ],
    ['confinement_none', () => ({ text: t('doctorConfinementNone') })],
    [
      'confinement_unknown',
      () => ({ text: t('doctorConfinementUnknown'), remedy: t('remedyTryAgain') }),
    ],
  ]),
);

/**
 * @param {Finding} finding
 * @returns {Words}
 */
export function findingWords({ name, values, text, remedy }) {
  return FINDINGS.get(name)?.(values) ?? { text, remedy };
}
