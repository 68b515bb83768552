// What `make bench` says of the host: start, capture beside a plain parallel curl, memory, a list of
// 10,000 pages. Medians; run it on a quiet machine.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Port, scratch } from '../host/port.mjs';
import { startSite } from '../site/server.mjs';
import { fill, median, milliseconds, row, WORDS } from './figures.mjs';

const runs = 15;

/** Starting any process: to the first byte that it prints. */
function startOther() {
  return new Promise((resolve) => {
    const child = spawn('/bin/echo', ['x'], { stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.once('data', () => resolve(undefined));
  });
}

async function start() {
  const { folder, remove } = scratch();
  const host = [];
  const other = [];
  for (let i = 0; i < runs; i++) {
    other.push(await milliseconds(startOther));
    /** @type {Port | undefined} */
    let port;
    host.push(
      await milliseconds(async () => {
        port = new Port(folder);
        await port.hello();
      }),
    );
    await port?.close();
  }
  const beyond = median(host) - median(other);
  row('start to first answer, beyond starting `echo`', `${beyond.toFixed(1)} ms`, 'under 10 ms');
  remove();
}

/** The sample article, by links.save and by curl with the same files, in turn. */
async function capture() {
  const site = await startSite({ port: 0 });
  const { folder, remove } = scratch();
  const url = `${site.origin}/articles/snapshots`;
  const port = new Port(folder);
  await port.hello();
  await port.request('links.save', { url });
  const paths = [...new Set(site.requests)].map((path) => site.origin + path);
  const list = join(folder, 'urls');
  const sink = join(folder, 'sink');
  mkdirSync(sink);
  writeFileSync(
    list,
    paths.map((path, i) => `url = "${path}"\noutput = "${sink}/${i}"\n`).join(''),
  );
  const ours = [];
  const plain = [];
  for (let i = 0; i < runs; i++) {
    plain.push(
      await milliseconds(async () => {
        await new Promise((resolve) => {
          const curl = spawn(
            'curl',
            ['--silent', '--parallel', '--parallel-immediate', '--parallel-max', '24', '-K', list],
            { stdio: 'ignore' },
          );
          curl.on('close', resolve);
        });
      }),
    );
    // A query makes it another page, so that a new one is stored each time.
    ours.push(
      await milliseconds(async () => {
        await port.request('links.save', { url: `${url}?${i}` });
      }),
    );
  }
  await port.close();
  await site.close();
  remove();
  row(
    `save the sample article (${paths.length} requests); curl --parallel, same files`,
    `${median(ours).toFixed(0)} ms; ${median(plain).toFixed(0)} ms`,
    'under 1.5 times curl + 150 ms',
  );
}

/** Peak resident memory while a large page is captured. */
async function memory() {
  const { folder, remove } = scratch();
  const url = 'http://127.0.0.1:9/large';
  const port = new Port(folder);
  await port.hello();
  const { capture: id } = await port.request('capture.begin', { url });
  const paragraph = `<p class="c">${'链接快照平台，全文搜索。Full text. '.repeat(8)}</p>`;
  const part = paragraph.repeat(Math.floor((900 * 1024) / Buffer.byteLength(paragraph)));
  const open = '<html xmlns="http://www.w3.org/1999/xhtml"><body>';
  let seq = 0;
  let bytes = 0;
  const add = async (/** @type {string} */ data, /** @type {boolean} */ last) => {
    const first = seq === 0 ? { kind: 'document', url } : {};
    await port.request('capture.add', { capture: id, item: 0, seq, ...first, data, last });
    seq += 1;
    bytes += Buffer.byteLength(data);
  };
  await add(open, false);
  for (let i = 0; i < 20; i++) {
    await add(part, false);
  }
  await add('</body></html>', true);
  await port.request('capture.commit', { capture: id });
  const status = readFileSync(`/proc/${port.child.pid}/status`, 'utf8');
  const peak = Number(status.match(/VmHWM:\s+(\d+) kB/)?.[1]) / 1024;
  await port.close();
  remove();
  const mib = bytes / 1048576;
  row(
    `peak memory, capture of a document of ${mib.toFixed(0)} MiB`,
    `${peak.toFixed(0)} MiB`,
    `under ${(3 * mib + 40).toFixed(0)} MiB`,
  );
}

/** A store of many pages, and the first list of it. */
async function list() {
  const { folder, remove } = scratch();
  const port = new Port(folder);
  await port.hello();
  const count = 10_000;
  const started = Date.now();
  await fill(port, count);
  const perSecond = (count * 1000) / (Date.now() - started);
  const lists = [];
  const searches = [];
  for (let i = 0; i < runs; i++) {
    lists.push(
      await milliseconds(async () => {
        await port.request('pages.search', { limit: 50 });
      }),
    );
    searches.push(
      await milliseconds(async () => {
        await port.request('pages.search', { query: WORDS[i % WORDS.length], limit: 50 });
      }),
    );
  }
  await port.close();
  remove();
  row(`small captures a second, up to ${count} pages`, perSecond.toFixed(0), '');
  row(`first 50 of ${count} pages, over the port`, `${median(lists).toFixed(1)} ms`, '');
  row(
    `two-character word in ${count} pages, over the port`,
    `${median(searches).toFixed(1)} ms`,
    '',
  );
}

execFileSync('curl', ['--version'], { stdio: 'ignore' });
console.log('| figure | here | goal |\n| --- | --- | --- |');
await start();
await capture();
await memory();
await list();
