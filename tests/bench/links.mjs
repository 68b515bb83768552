// What `make bench-links` says: many links through the queue beside the same ones one after the
// other, one page beside wget, and jobs claimed by workers that are killed. All on a server of the
// loopback interface that answers after 20 ms. Medians of rounds that take turns, since machines are
// shared; the same figures are left in build/links.json.
//
//   node tests/bench/links.mjs [--rounds N] [--links N] [--only queue|wget|claims]
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Port, programs, scratch } from '../host/port.mjs';
import { median, row } from './figures.mjs';
import { LARGE, SMALL, SMALL_SIZE } from './links-pages.mjs';
import { linksnap, run, startServer } from './links-run.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    links: { type: 'string', default: String(SMALL) },
    only: { type: 'string' },
  },
});

const PAUSE_MS = 20;
/** Hosts are spared: 2 pages and 6 connections each. So many make that no bound here. */
const ORIGINS = 50;
const GOAL_QUEUE = 5;
const GOAL_WGET = 3;
const WGET_ROUNDS = 7;
const WORKERS = 4;
const CLAIMS = 10_000;
/** At most. */
const CLAIMS_S = 300;

/** @type {Record<string, unknown>} */
const report = { date: new Date().toISOString(), processors: cpus().length };
const server = await startServer(ORIGINS, PAUSE_MS);

/** What so many small pages cost the server, which must have given out all their files. @param {number} pages */
async function served(pages) {
  const { requests, files, missing, seconds } = await server.figures();
  const wanted = pages * (SMALL_SIZE.assets + 1);
  if (files !== wanted || missing > 0) {
    throw new Error(`${files} of ${wanted} files were asked for, and ${missing} that are none`);
  }
  return { seconds, repeated: requests - wanted };
}

/** Processor time of a process that has not ended, in seconds. @param {number | undefined} pid */
function processor(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ');
  const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'latin1' }));
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / ticks;
}

/** Of one link, in ms; `repeated` requests of all. @typedef {{each: number, processor: number, server: number, repeated: number}} Pass */

/** @param {number} pages @param {{seconds: number, processor: number}} spent @returns {Promise<Pass>} */
async function pass(pages, spent) {
  const { seconds, repeated } = await served(pages);
  return {
    each: (spent.seconds * 1000) / pages,
    processor: (spent.processor * 1000) / pages,
    server: (seconds * 1000) / pages,
    repeated,
  };
}

/** `linksnap save -`: the queue and its workers. @param {string[]} urls */
async function byQueue(urls) {
  const { folder, remove } = scratch();
  const spent = await run(linksnap('--json', 'save', '-'), { folder, input: urls.join('\n') });
  const jobs = spent.output.trim().split('\n');
  const whole = jobs.map((line) => JSON.parse(line)).filter((job) => job.snapshot && !job.missing);
  if (whole.length !== urls.length) {
    throw new Error(`${whole.length} of ${urls.length} links were saved: ${jobs[0]}`);
  }
  remove();
  return pass(urls.length, spent);
}

/** links.save one after the other, through one port. @param {string[]} urls */
async function byPort(urls) {
  const { folder, remove } = scratch();
  const port = new Port(folder);
  await port.hello();
  const started = Date.now();
  for (const url of urls) {
    const { assets } = await port.request('links.save', { url });
    if (assets.failed > 0) {
      throw new Error(`${url}: ${assets.failed} assets are missing`);
    }
  }
  const spent = { seconds: (Date.now() - started) / 1000, processor: processor(port.child.pid) };
  await port.close();
  remove();
  return pass(urls.length, spent);
}

/** `linksnap save URL` one after the other. @param {string[]} urls */
async function byCommands(urls) {
  const { folder, remove } = scratch();
  const loop = 'for url do "$program" save "$url" >/dev/null || exit; done';
  const command = ['/bin/sh', '-c', `program=$0; ${loop}`, linksnap()[0], ...urls];
  const spent = await run(command, { folder });
  remove();
  return pass(urls.length, spent);
}

/** @param {Pass[]} passes @param {keyof Pass} what */
function middle(passes, what) {
  return median(passes.map((one) => one[what]));
}

/** @param {string} what @param {Pass[]} passes @param {string} goal @param {string} [faster] */
function queueRow(what, passes, goal, faster = '') {
  const each = middle(passes, 'each');
  const share = ((100 * middle(passes, 'server')) / each).toFixed(0);
  const spent = `${middle(passes, 'processor').toFixed(1)} ms of processor each; server ${share} % of one`;
  row(what, `${(1000 / each).toFixed(1)} a second (${spent})${faster}`, goal);
}

async function queue() {
  const count = Number(values.links);
  const urls = Array.from(
    { length: count },
    (_, i) => `${server.origins[i % ORIGINS]}/${i}/page.html`,
  );
  /** @type {Record<'queue' | 'port' | 'commands', Pass[]>} */
  const passes = { queue: [], port: [], commands: [] };
  await server.figures();
  for (let i = 0; i < Number(values.rounds); i++) {
    passes.queue.push(await byQueue(urls));
    passes.port.push(await byPort(urls));
    passes.commands.push(await byCommands(urls.slice(0, 50)));
  }
  const times = middle(passes.port, 'each') / middle(passes.queue, 'each');
  const others = middle(passes.commands, 'each') / middle(passes.queue, 'each');
  report.queue = { links: count, ...passes, times, timesCommands: others };
  queueRow(`${count} links one after the other, links.save on one port`, passes.port, '');
  queueRow('`linksnap save URL` one after the other, 50 of them', passes.commands, '');
  queueRow(
    `the ${count} through the queue, \`linksnap save -\``,
    passes.queue,
    `${GOAL_QUEUE} times`,
    `: ${times.toFixed(1)} times the first, ${others.toFixed(1)} times the second`,
  );
}

/**
 * Whether a program that asked for all files has kept all.
 *
 * @param {string} name
 * @param {string} folder
 * @param {string} output
 * @param {number} files
 */
function keptAll(name, folder, output, files) {
  if (name === 'linksnap') {
    return output.includes(` ${files - 1} assets stored`) && output.includes(' 0 of ');
  }
  const kept = readdirSync(folder, { recursive: true, withFileTypes: true });
  // Of what it rewrites it keeps the original beside it.
  const own = kept.filter((entry) => entry.isFile() && !/^\.|\.orig$/.test(entry.name));
  return own.length === files;
}

/** One page by each program, in turn. @param {{number: number, assets: number}} page */
async function besideWget(page) {
  const url = `${server.origins[0]}/${page.number}/page.html`;
  /** @type {Record<string, {command: string[], seconds: number[], processor: number[]}>} */
  const sides = {
    linksnap: { command: linksnap('save', url), seconds: [], processor: [] },
    wget: {
      command: ['wget', '-q', '-E', '-H', '-k', '-K', '-p', url],
      seconds: [],
      processor: [],
    },
  };
  await server.figures();
  for (let i = 0; i < WGET_ROUNDS; i++) {
    for (const [name, side] of Object.entries(sides)) {
      const { folder, remove } = scratch();
      // wget counts the robots.txt that is not there as a failure.
      const spent = await run(side.command, { folder, mayFail: name === 'wget' });
      const { files } = await server.figures();
      if (files !== page.assets + 1 || !keptAll(name, folder, spent.output, files)) {
        throw new Error(`${name}: ${files} of ${page.assets + 1} files, ${spent.output}`);
      }
      remove();
      side.seconds.push(spent.seconds);
      side.processor.push(spent.processor);
    }
  }
  const ours = 1000 * median(sides.linksnap.seconds);
  const theirs = 1000 * median(sides.wget.seconds);
  row(
    `\`linksnap save URL\`, ${page.assets} assets; \`wget -E -H -k -K -p\``,
    `${ours.toFixed(0)} ms; ${theirs.toFixed(0)} ms: ${(theirs / ours).toFixed(1)} times as fast`,
    `${GOAL_WGET} times`,
  );
  return { assets: page.assets, times: theirs / ours, ...sides };
}

async function wget() {
  const pages = [];
  for (const page of LARGE) {
    pages.push(await besideWget(page));
  }
  report.wget = pages;
}

/** Jobs claimed by processes that are killed at random: bench/claims, a program of its own. */
async function claims() {
  const { folder, remove } = scratch();
  const args = [join(folder, 'claims.db'), String(WORKERS), String(CLAIMS), String(CLAIMS_S)];
  const command = [join(programs, 'bench/claims'), ...args];
  const { output } = await run(command, { folder, mayFail: true });
  remove();
  // "jobs 10000, workers 4, claims 11831, ...: claimed by two at once 0, ..."
  const figures = Object.fromEntries(
    [...output.matchAll(/([a-z][a-z ]*?) (\d+)/g)].map(([, name, figure]) => [
      name,
      Number(figure),
    ]),
  );
  const {
    'claimed by two at once': atOnce,
    'more than two of a host': crowded,
    'done twice': twice,
  } = figures;
  if (atOnce === undefined || twice === undefined) {
    throw new Error(`bench/claims says nothing: ${output}`);
  }
  report.claims = figures;
  row(
    `${CLAIMS} jobs, ${WORKERS} workers, ${figures.kills} of them killed at random`,
    `claimed twice: ${atOnce} of ${CLAIMS}; done twice ${twice}, lost ${figures.lost}, ` +
      `more than two of a host ${crowded}, given up after three kills ${figures['given up']}, ` +
      `never done ${figures.open}; ${(figures.ms / 1000).toFixed(0)} s`,
    'claimed twice: 0',
  );
}

const parts = { queue, wget, claims };
report.loadBefore = loadavg();
console.log('| figure | here | goal |\n| --- | --- | --- |');
for (const [name, part] of Object.entries(parts)) {
  if (!values.only || values.only === name) {
    await part();
  }
}
report.loadAfter = loadavg();
await server.close();
const loads = [report.loadBefore, report.loadAfter].map(
  (load) => /** @type {number[]} */ (load)[0],
);
console.log(
  `\nLoad ${loads[0].toFixed(2)} before and ${loads[1].toFixed(2)} after, ${cpus().length} processors; ` +
    'these programs make some of it. Medians of rounds in turn.',
);
writeFileSync(join(programs, '../links.json'), `${JSON.stringify(report, null, 2)}\n`);
