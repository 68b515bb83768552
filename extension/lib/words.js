/** What a person reads for each fault and each state of the host. */
import { plural, t } from './i18n.js';

/**
 * Message keys by stable name (host/PROTOCOL.md and lib/errors.js).
 *
 * @type {Readonly<Record<string, string>>}
 */
export const ERROR_KEYS = Object.freeze({
  parse: 'errorInternal',
  request: 'errorInternal',
  method: 'errorInternal',
  params: 'errorParams',
  internal: 'errorInternal',
  no_memory: 'errorNoMemory',
  limit: 'errorLimit',
  frame: 'errorInternal',
  protocol: 'errorProtocol',
  order: 'errorInternal',
  cancelled: 'errorCancelled',
  not_found: 'errorNotFound',
  io: 'errorIo',
  usage: 'errorInternal',
  query: 'errorQuery',
  url: 'errorUrl',
  document: 'errorDocument',
  type: 'errorType',
  dns: 'errorDns',
  connect: 'errorConnect',
  tls: 'errorTls',
  timeout: 'errorTimeout',
  status: 'errorStatus',
  redirect: 'errorRedirect',
  private: 'errorPrivate',
  too_large: 'errorTooLarge',
  server: 'errorServer',
  needs_browser: 'errorNeedsBrowser',
  store: 'errorStore',
  store_full: 'errorStoreFull',
  store_readonly: 'errorStoreReadonly',
  store_busy: 'errorStoreBusy',
  store_corrupt: 'errorStoreCorrupt',
  store_newer: 'errorStoreNewer',
  quota: 'errorQuota',
  host_missing: 'hostMissingTitle',
  host_forbidden: 'hostForbiddenTitle',
  host_too_old: 'hostTooOldTitle',
  host_too_new: 'hostTooNewTitle',
  host_broken: 'hostBrokenTitle',
  disconnected: 'errorDisconnected',
  interrupted: 'errorInterrupted',
  tab_forbidden: 'errorTabForbidden',
  tab_gone: 'errorTabGone',
});

/**
 * What to do about it, where there is something to do.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const REMEDY_KEYS = Object.freeze({
  dns: 'remedyNetwork',
  connect: 'remedyNetwork',
  timeout: 'remedyNetwork',
  tls: 'remedyOpenFirst',
  status: 'remedyOpenFirst',
  server: 'remedyOpenFirst',
  redirect: 'remedyOpenFirst',
  document: 'remedyOpenFirst',
  needs_browser: 'remedyBrowser',
  private: 'remedyOpenFirst',
  store: 'remedyDoctor',
  store_full: 'remedyStoreFull',
  store_readonly: 'remedyStoreReadonly',
  store_busy: 'remedyTryAgain',
  store_corrupt: 'remedyDoctor',
  store_newer: 'remedyStoreNewer',
  quota: 'remedyQuota',
  disconnected: 'remedyTryAgain',
  interrupted: 'remedyTryAgain',
  tab_gone: 'remedyTryAgain',
  no_memory: 'remedyTryAgain',
});

/**
 * A sentence for each state without a working host, and one that says what helps.
 *
 * @type {Readonly<Record<import('./errors.js').HostState, { title: string, text: string }>>}
 */
export const STATE_KEYS = Object.freeze({
  missing: { title: 'hostMissingTitle', text: 'hostMissingText' },
  forbidden: { title: 'hostForbiddenTitle', text: 'hostForbiddenText' },
  too_old: { title: 'hostTooOldTitle', text: 'hostTooOldText' },
  too_new: { title: 'hostTooNewTitle', text: 'hostTooNewText' },
  broken: { title: 'hostBrokenTitle', text: 'hostBrokenText' },
});

/**
 * @param {{ name: string, data?: Record<string, unknown> }} error
 * @returns {string}
 */
export function errorText({ name, data }) {
  if (name === 'status') {
    return t('errorStatus', Number(data?.status) || '4xx');
  }
  if (name === 'needs_browser') {
    return wallText(String(data?.wall), Number(data?.status) || 0);
  }
  return t(Object.hasOwn(ERROR_KEYS, name) ? ERROR_KEYS[name] : 'errorInternal');
}

/** Why only a browser gets a page, by what stands before it. */
const WALL_KEYS = new Map([
  ['shell', 'wallShell'],
  ['challenge', 'wallChallenge'],
  ['login', 'wallLogin'],
  ['refused', 'wallRefused'],
]);

/**
 * @param {string} wall
 * @param {number} status - of HTTP, or 0
 * @returns {string}
 */
function wallText(wall, status) {
  if (wall === 'refused' && status) {
    return t('wallRefusedStatus', status);
  }
  return t(WALL_KEYS.get(wall) ?? 'errorNeedsBrowser');
}

/**
 * @param {{ name: string }} error
 * @returns {string} empty when nothing helps
 */
export function remedyText({ name }) {
  return Object.hasOwn(REMEDY_KEYS, name) ? t(REMEDY_KEYS[name]) : '';
}

/**
 * What is wrong and what helps, as sentences.
 *
 * @param {{ name: string, data?: Record<string, unknown> }} error
 * @returns {string}
 */
export function faultText(error) {
  const remedy = remedyText(error);
  return remedy ? t('sentences', errorText(error), remedy) : errorText(error);
}

/**
 * Why one asset is missing.
 *
 * @param {import('./protocol.js').Failure} failure
 * @returns {string}
 */
export function failureText({ name, status, reason }) {
  if (name === 'status' && status) {
    return `HTTP ${status}`;
  }
  return Object.hasOwn(ERROR_KEYS, name) ? t(ERROR_KEYS[name]) : reason;
}

/** What the files of one kind are called together, by kind. */
const KIND_KEYS = new Map([
  ['image', 'kindImage'],
  ['style', 'kindStyle'],
  ['font', 'kindFont'],
  ['frame', 'kindFrame'],
  ['media', 'kindMedia'],
  ['sprite', 'kindSprite'],
  ['icon', 'kindIcon'],
  ['file', 'kindFile'],
]);

/**
 * @param {string} kind
 * @returns {string}
 */
export function kindText(kind) {
  return t(KIND_KEYS.get(kind) ?? 'kindOther');
}

/** Why a file is missing, where that is not what the same name says of a page. */
const REASON_KEYS = new Map([
  ['none', 'reasonPending'],
  ['cancelled', 'reasonPending'],
  ['limit', 'reasonLimit'],
  ['url', 'reasonUrl'],
  ['type', 'reasonType'],
  ['not_found', 'reasonGone'],
  ['too_large', 'reasonTooLarge'],
]);

/**
 * Why files are missing, as a line above a list of them.
 *
 * @param {import('./protocol.js').Failure} failure
 * @returns {string}
 */
export function reasonText({ name, status = 0, reason }) {
  if (name === 'status' && status) {
    return statusText(status);
  }
  const key = REASON_KEYS.get(name);
  return key ? t(key) : failureText({ url: '', kind: '', name, reason }) || t('errorInternal');
}

/** @param {number} status - of HTTP, 400 or more */
function statusText(status) {
  if ([401, 402, 403, 407, 451].includes(status)) {
    return t('reasonRefused', status);
  }
  if (status === 404 || status === 410) {
    return t('reasonNotThere', status);
  }
  if (status === 429) {
    return t('reasonTooOften', status);
  }
  return status >= 500 ? t('reasonFault', status) : t('errorStatus', status);
}

/**
 * What of a page was not kept as it was.
 *
 * @param {{ name: string, count: number }} note
 * @returns {string} empty when nobody knows its name
 */
export function noteText({ name, count }) {
  switch (name) {
    case 'frames_unread':
      return plural('foreignFrames', count);
    case 'flattened':
      return plural('noteFlattened', count);
    case 'resources_unread':
      return plural('noteUnread', count);
    default:
      return '';
  }
}

/**
 * What a running save is doing.
 *
 * @param {import('./saves.js').Progress} progress
 * @returns {string}
 */
export function progressText({ stage, done = 0, total = 0 }) {
  switch (stage) {
    case 'scroll':
      return t('stageScroll');
    case 'read':
      return t('stageRead');
    case 'send':
      return t('stageSend');
    case 'page':
      return t('stagePage');
    case 'document':
      return t('stageDocument');
    case 'assets':
      return total > 0 ? plural('stageAssets', total, done) : t('stageDocument');
    case 'done':
      return t('stageDone');
    default:
      return t('stageStart');
  }
}
