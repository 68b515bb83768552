// What the benchmarks share: medians, rows of the table, a store with many pages.

export const WORDS = [
  '光明',
  '图书馆',
  '快照',
  '标签',
  '全文',
  '搜索',
  '离线',
  '网页',
  '儿童',
  '城市',
];

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** @param {() => Promise<void>} act */
export async function milliseconds(act) {
  const started = process.hrtime.bigint();
  await act();
  return Number(process.hrtime.bigint() - started) / 1e6;
}

/** @param {string} what @param {string} figure @param {string} goal */
export function row(what, figure, goal) {
  console.log(`| ${what} | ${figure} | ${goal} |`);
}

/**
 * Saves small pages, as live ones.
 *
 * @param {import('../host/port.mjs').Port} port
 * @param {number} count
 */
export async function fill(port, count) {
  for (let i = 0; i < count; i++) {
    const url = `http://127.0.0.1:9/page/${i}`;
    const text = Array.from({ length: 60 }, (_, k) => WORDS[(i * 7 + k * k) % WORDS.length]);
    const head = `<head><title>${text[0]}${i}</title></head>`;
    const data = `<html xmlns="http://www.w3.org/1999/xhtml">${head}<body><p>${text.join('，')}</p></body></html>`;
    const { capture } = await port.request('capture.begin', { url, tags: [text[1]] });
    const part = { capture, item: 0, seq: 0, kind: 'document', url, data, last: true };
    await port.request('capture.add', part);
    await port.request('capture.commit', { capture });
  }
}
