/** The table of `make bench-fidelity`. */

/**
 * @typedef {object} Row
 * @property {string} page
 * @property {string} tool
 * @property {string} [error] - and nothing else
 * @property {number} [content]
 * @property {number} [all]
 * @property {number} [bytes]
 * @property {number | null} [ms]
 * @property {number} [exportMs]
 * @property {number} [missing] - pictures and fonts that the page shows and the snapshot does not
 * @property {string[]} [requests]
 * @property {string} [note]
 */

/** Points of content similarity by which Linksnap may be behind. */
const SLACK = 0.5;

/** @param {number | undefined} share */
const percent = (share) => (share === undefined ? '–' : (share * 100).toFixed(2));

/** @param {number | null | undefined} value */
const whole = (value) => (typeof value === 'number' ? String(Math.round(value)) : '–');

/** @param {Row} row */
function cells({ page, tool, error, content, all, bytes, ms, exportMs, missing, requests, note }) {
  if (error !== undefined) {
    return [page, tool, 'failed', '', '', '', '', '', error.replaceAll('|', '/')];
  }
  const time = exportMs === undefined ? whole(ms) : `${whole(ms)} + ${whole(exportMs)}`;
  const kib = bytes === undefined ? '–' : whole(bytes / 1024);
  const asked = requests?.length ?? 0;
  return [
    page,
    tool,
    percent(content),
    percent(all),
    kib,
    time,
    whole(missing),
    String(asked),
    note ?? '',
  ];
}

/** @param {Row} row */
export function print(row) {
  console.log(cells(row).join('  '));
}

/** @param {(number | null | undefined)[]} values */
function mean(values) {
  const known = values.filter((each) => typeof each === 'number');
  return known.length === 0 ? undefined : known.reduce((a, b) => a + b, 0) / known.length;
}

/**
 * @param {Row[]} rows
 * @param {number} pages
 */
export function report(rows, pages) {
  const lines = [
    `Measured ${new Date().toISOString().slice(0, 10)}, ${pages} pages.`,
    '',
    '| page | tool | content alike, % | all pixels, % | KiB | ms | missing | requests | note |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |',
    ...rows.map((row) => `| ${cells(row).join(' | ')} |`),
    '',
    ...summary(rows),
  ];
  return `${lines.join('\n')}\n`;
}

/** @param {Row[]} rows */
function summary(rows) {
  const tools = [...new Set(rows.map(({ tool }) => tool))].filter((tool) => tool !== 'page');
  // Means are over pages that every tool has an answer for; a failure is told beside them.
  const isWhole = (/** @type {string} */ page) =>
    tools.every((tool) => rows.some((row) => row.page === page && row.tool === tool && !row.error));
  const lines = [
    '| mean | content alike, % | all pixels, % | KiB | ms | missing | requests | failed pages |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
  ];
  for (const tool of tools) {
    const own = rows.filter((row) => row.tool === tool);
    const fair = own.filter(({ page }) => isWhole(page));
    const bytes = mean(fair.map((row) => row.bytes));
    lines.push(
      `| ${[
        tool,
        percent(mean(fair.map(({ content }) => content))),
        percent(mean(fair.map(({ all }) => all))),
        whole(bytes && bytes / 1024),
        whole(mean(fair.map(({ ms }) => ms))),
        mean(fair.map(({ missing }) => missing))?.toFixed(1) ?? '–',
        mean(fair.map(({ requests }) => requests?.length))?.toFixed(1) ?? '–',
        String(own.filter(({ error }) => error !== undefined).length),
      ].join(' | ')} |`,
    );
  }
  return [...lines, '', ...behind(rows)];
}

/** Pages on which Linksnap is behind. @param {Row[]} rows */
function behind(rows) {
  const lines = [];
  for (const { page, content, error } of rows.filter(({ tool }) => tool === 'linksnap')) {
    const peer = rows.find((row) => row.page === page && row.tool === 'singlefile');
    const points = ((peer?.content ?? 0) - (content ?? 0)) * 100;
    if (points > SLACK) {
      lines.push(`- ${page}: ${error ?? `${points.toFixed(2)} points`}`);
    }
  }
  const title = `Pages where Linksnap is more than ${SLACK} points below SingleFile: ${lines.length || 'none'}`;
  return lines.length > 0 ? [title, '', ...lines] : [title];
}
