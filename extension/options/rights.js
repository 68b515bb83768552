/** What was allowed beyond what comes with the installation, and giving each of it back. */
import { $, icon } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import {
  askForAllSites,
  giveUpAllSites,
  giveUpNotifications,
  giveUpTabs,
  mayNotify,
  mayReadAllSites,
  maySeeTabs,
} from '../lib/sites.js';

/**
 * @param {string} selector
 * @param {boolean} given
 * @param {string} otherwise
 */
function showState(selector, given, otherwise) {
  const state = $(selector);
  state.classList.toggle('given', given);
  state.replaceChildren(icon(given ? 'check' : 'lock'), given ? t('optionsSitesGiven') : otherwise);
}

/** Shows what is allowed now. */
export async function showRights() {
  const [sites, tabs, notices] = await Promise.all([mayReadAllSites(), maySeeTabs(), mayNotify()]);
  showState('#sites-state', sites, t('optionsSitesKept'));
  $('#sites-change').textContent = t(sites ? 'optionsSitesTake' : 'optionsSitesGive');
  $('#sites-change').classList.toggle('primary', !sites);
  showState('#tabs-state', tabs, t('optionsRightKept'));
  showState('#notices-state', notices, t('optionsRightKept'));
  // They are given by the switches that need them.
  $('#tabs-change').hidden = !tabs;
  $('#notices-change').hidden = !notices;
}

export function startRights() {
  $('#sites-change').addEventListener('click', async () => {
    // What is shown decides: nothing may be awaited before a browser is made to ask.
    const given = $('#sites-state').classList.contains('given');
    await (given ? giveUpAllSites() : askForAllSites()).catch(() => {});
    showRights();
  });
  for (const [selector, giveUp] of /** @type {const} */ ([
    ['#tabs-change', giveUpTabs],
    ['#notices-change', giveUpNotifications],
  ])) {
    $(selector).addEventListener('click', async () => {
      await giveUp().catch(() => {});
      showRights();
    });
  }
  showRights();
}
