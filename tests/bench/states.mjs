// What `make bench-fidelity` says of difficult states of a DOM: the share that the page walker, the
// host and a browser's own parser of the snapshot keep.
import { pathToFileURL } from 'node:url';

import { BROWSERS } from '../browser/browsers.mjs';
import { expectedOf } from '../browser/states-expected.mjs';
import { STAGES, takeStates } from '../browser/states.mjs';

/**
 * @typedef {import('../browser/states.mjs').Row} Row
 * @typedef {{ same: number, nearly: number, different: number }} Share
 * @typedef {{ browser: string, rows: Row[], shares: Record<string, Share>, table: string }} Report
 */

const TITLES = {
  walker: "the page walker's XML",
  host: 'the snapshot as the host writes it',
  reparse: 'the tree that the browser builds from it',
};

/**
 * @param {Row[]} rows
 * @param {'walker' | 'host' | 'reparse'} stage
 * @returns {Share}
 */
function shareOf(rows, stage) {
  const share = { same: 0, nearly: 0, different: 0 };
  for (const row of rows) {
    share[row[stage]] += 1;
  }
  return share;
}

/** @param {number} part @param {number} whole */
const percent = (part, whole) => `${((100 * part) / whole).toFixed(1)} %`;

/**
 * @param {string} browser
 * @param {Row[]} rows
 * @param {Record<string, Share>} shares
 */
function tableOf(browser, rows, shares) {
  const lines = [
    `Difficult states of a DOM in ${browser}: ${rows.length}`,
    '',
    '| stage | the same tree | another that looks the same | kept | different |',
    '| --- | --- | --- | --- | --- |',
  ];
  for (const stage of STAGES) {
    const { same, nearly, different } = shares[stage];
    const kept = percent(same + nearly, rows.length);
    lines.push(`| ${TITLES[stage]} | ${same} | ${nearly} | ${kept} | ${different} |`);
  }
  lines.push('', '| subject | states | the same tree | kept |', '| --- | --- | --- | --- |');
  for (const subject of new Set(rows.map((row) => row.subject))) {
    const those = rows.filter((row) => row.subject === subject);
    const { same, nearly } = shareOf(those, 'reparse');
    lines.push(
      `| ${subject} | ${those.length} | ${same} | ${percent(same + nearly, those.length)} |`,
    );
  }
  lines.push('', 'Different:');
  for (const { state, reparse } of rows) {
    if (reparse === 'different') {
      lines.push(`- ${state}: ${expectedOf(browser, state).reason || 'not foreseen'}`);
    }
  }
  return lines.join('\n');
}

/**
 * @param {string} browser
 * @returns {Promise<Report>}
 */
export async function statesReport(browser) {
  const rows = await takeStates(browser);
  const shares = Object.fromEntries(STAGES.map((stage) => [stage, shareOf(rows, stage)]));
  return { browser, rows, shares, table: tableOf(browser, rows, shares) };
}

if (import.meta.url === pathToFileURL(String(process.argv[1])).href) {
  for (const browser of BROWSERS) {
    const { table } = await statesReport(browser);
    console.log(`${table}\n`);
  }
}
