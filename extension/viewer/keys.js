/**
 * The keys of the viewer, told where the rest of what it can do is. While the snapshot has the focus the
 * viewer hears none of them: nothing of the frame can be listened to. The browser hears its shortcuts
 * everywhere, so the pen has one of these too.
 */
import { api } from '../lib/api.js';
import { $, el } from '../lib/dom.js';
import { t } from '../lib/i18n.js';

/** The name of the shortcut in the manifest. */
const COMMAND = 'highlight';

/** Buttons that have a key, and how it is written. */
const BUTTONS = { '#reader-open': 'R', '#pen-open': 'H', '#print': 'P' };

/** @param {{ onPen: () => void }} acts */
export function offerKeys({ onPen }) {
  for (const [selector, key] of Object.entries(BUTTONS)) {
    const button = $(selector);
    button.setAttribute('aria-keyshortcuts', key);
    button.title = button.title && `${button.title} (${key})`;
  }
  $('#marks-open').setAttribute('aria-keyshortcuts', 'L');
  const rows = /** @type {const} */ ([
    ['R', t('viewerReader')],
    ['H', t('viewerPen')],
    ['L', t('highlightsTitle')],
    ['P', t('viewerPrint')],
    ['+ −', t('zoom')],
    ['Esc', t('keysBack')],
  ]);
  $('#keys-list').replaceChildren(
    ...rows.map(([key, words]) =>
      el('div', {}, el('dt', {}, words), el('dd', {}, el('kbd', {}, key))),
    ),
  );
  tellHint();
  api.commands?.onCommand?.addListener(async (command, tab) => {
    if (command === COMMAND && tab?.id === (await api.tabs.getCurrent())?.id) {
      onPen();
    }
  });
}

/** It names the shortcut as the person has set it. */
async function tellHint() {
  const commands = (await api.commands?.getAll()) ?? [];
  const { shortcut } = commands.find(({ name }) => name === COMMAND) ?? {};
  $('#keys-hint').textContent = [t('keysHint'), shortcut ? t('keysPen', shortcut) : '']
    .filter(Boolean)
    .join(' ');
}
