/**
 * Search in large stores of real text: how exact, how fast, how large, beside Xapian on the same
 * texts and queries.
 *
 *     node tests/bench/search.mjs --build DIR [--pages N] [--only KIND] [--reuse] [--without-xapian]
 *
 * KIND: zh1 zh2 zh3 zh4 word prefix phrase two tag piece. --reuse takes stores that an earlier run
 * left. The table is left in build/search/report.md.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { parseArgs } from 'node:util';
import { ROOT } from '../browser/profile.mjs';
import { makeCorpus } from './search-corpus.mjs';
import { report } from './search-report.mjs';

const { values } = parseArgs({
  options: {
    build: { type: 'string', default: 'build' },
    pages: { type: 'string', default: '10000' },
    only: { type: 'string' },
    reuse: { type: 'boolean', default: false },
    'without-xapian': { type: 'boolean', default: false },
  },
});

const FOLDER = path.join(ROOT, 'build/search');
/** Each query runs so often, and its best time counts: what others do on the machine is left out. */
const ROUNDS = 2;

/**
 * Runs one of the two programs; gives its lines as lists of words.
 *
 * @param {'store' | 'xapian'} engine
 * @param {string[]} args
 * @returns {Promise<string[][]>}
 */
async function run(engine, args) {
  const program = path.resolve(ROOT, values.build, `plain/bench/search_${engine}`);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const lines = [];
  for await (const line of readline.createInterface({ input: child.stdout })) {
    lines.push(line.split(' '));
  }
  const status = await ended;
  if (status !== 0) {
    throw new Error(`search_${engine} ${args[0]} ended with ${status}`);
  }
  return lines;
}

/**
 * @param {'store' | 'xapian'} engine
 * @param {{pagesFile: string, queriesFile: string}} corpus
 * @param {string} database
 */
async function measure(engine, { pagesFile, queriesFile }, database) {
  const files = [pagesFile, queriesFile, database];
  const log = `${database}.filled`;
  if (!values.reuse || !fs.existsSync(log)) {
    for (const ending of ['', '-wal', '-shm', '.filled']) {
      fs.rmSync(database + ending, { recursive: true, force: true });
    }
    console.log(`${engine}: filling`);
    const lines = await run(engine, ['fill', ...files]);
    fs.writeFileSync(log, JSON.stringify(lines));
  }
  console.log(`${engine}: checking`);
  const checked = await run(engine, ['check', ...files]);
  console.log(`${engine}: timing`);
  const only = values.only ? [values.only] : [];
  const timed = await run(engine, ['time', ...files, String(ROUNDS), ...only]);
  return [...JSON.parse(fs.readFileSync(log, 'utf8')), ...checked, ...timed];
}

fs.mkdirSync(FOLDER, { recursive: true });
const corpus = await makeCorpus(path.join(ROOT, 'build/corpus-search'), Number(values.pages));
const load = os.loadavg()[0];
const store = await measure('store', corpus, path.join(FOLDER, `${values.pages}.db`));
const xapian = values['without-xapian']
  ? []
  : await measure('xapian', corpus, path.join(FOLDER, `${values.pages}.xapian`));
const text = report(store, xapian, { load: [load, os.loadavg()[0]], rounds: ROUNDS });
fs.writeFileSync(path.join(FOLDER, 'report.md'), text);
console.log(text);
