// Runs the suites that `make test` names and adds up what they say. The last line is
// "N passed, N failed", with ", N skipped" when anything was.
//
//   node tests/run.mjs [--build DIR] SUITE...      SUITE: lint units protocol host extension browser
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const minute = 60_000;

/** @typedef {{passed: number, failed: number, skipped: number}} Count */

/**
 * Runs a command to its end, or to its deadline.
 * @param {string} command
 * @param {string[]} args
 * @param {{env?: Record<string, string>, timeout: number, echo?: boolean}} options
 * @returns {Promise<{status: number | null, output: string}>}
 */
function run(command, args, { env = {}, timeout, echo = false }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    const take = (/** @type {Buffer} */ part) => {
      output += part;
      if (echo) {
        process.stdout.write(part);
      }
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const timer = setTimeout(() => {
      output += `\nstopped after ${timeout / 1000} s\n`;
      if (child.pid) {
        process.kill(-child.pid, 'SIGKILL');
      }
    }, timeout);
    child.on('error', (error) => (output += String(error)));
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ status, output });
    });
  });
}

/**
 * @param {string} label
 * @param {Count} count
 * @param {string} output shown when something failed
 */
function report(label, count, output) {
  const skipped = count.skipped ? `, ${count.skipped} skipped` : '';
  console.log(`${label}: ${count.passed} passed, ${count.failed} failed${skipped}`);
  if (count.failed > 0) {
    console.log(output.replace(/^/gm, '    '));
  }
  for (const line of output.match(/^.*# SKIP.*$/gm) ?? []) {
    console.log(`    ${line.trim()}`);
  }
  return count;
}

/**
 * One command that passes or fails as a whole.
 * @param {string} label
 * @param {string} command
 * @param {string[]} args
 */
async function whole(label, command, args) {
  const { status, output } = await run(command, args, { timeout: 10 * minute });
  const ok = status === 0;
  return report(label, { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 }, output);
}

/**
 * One cmocka program.
 * @param {string} program
 */
async function cmocka(program) {
  const { status, output } = await run(program, [], {
    env: { CMOCKA_MESSAGE_OUTPUT: 'TAP', ASAN_OPTIONS: 'detect_leaks=1' },
    timeout: 10 * minute,
  });
  // cmocka writes what it skipped as "not ok N # SKIP NAME".
  const skipped = (output.match(/^(not )?ok .*# SKIP/gm) ?? []).length;
  const passed = (output.match(/^ok (?!.*# SKIP)/gm) ?? []).length;
  let failed = (output.match(/^not ok (?!.*# SKIP)/gm) ?? []).length;
  if (status !== 0 && failed === 0) {
    failed = 1;
  }
  if (passed + failed + skipped === 0) {
    failed = 1;
  }
  return report(relative(root, program), { passed, failed, skipped }, output);
}

/**
 * All *.test.mjs of a folder, by node's own runner.
 * @param {string} folder below tests/
 * @param {number} timeout ms
 */
async function node(folder, timeout) {
  const files = readdirSync(join(root, 'tests', folder))
    .filter((name) => name.endsWith('.test.mjs'))
    .map((name) => join('tests', folder, name));
  const { status, output } = await run(
    process.execPath,
    ['--test', '--test-reporter=tap', ...files],
    { timeout },
  );
  const figure = (/** @type {string} */ name) =>
    Number(output.match(new RegExp(`^# ${name} (\\d+)$`, 'm'))?.[1] ?? 0);
  const count = {
    passed: figure('pass'),
    failed: figure('fail') + figure('cancelled'),
    skipped: figure('skipped') + figure('todo'),
  };
  if ((status !== 0 && count.failed === 0) || count.passed + count.failed === 0) {
    count.failed += 1;
  }
  return report(`tests/${folder}`, count, output);
}

/** @type {Record<string, (build: string) => AsyncGenerator<Count>>} */
const suites = {
  async *lint() {
    yield await whole('lint of C', 'make', ['--no-print-directory', 'lint-c']);
    yield await whole('lint of JavaScript', 'make', ['--no-print-directory', 'lint-js']);
  },
  async *units(build) {
    for (const variant of ['plain', 'san']) {
      const folder = join(root, build, variant, 'unit');
      for (const name of readdirSync(folder).sort()) {
        if (name.startsWith('test_') || name.startsWith('fuzz_')) {
          yield await cmocka(join(folder, name));
        }
      }
    }
  },
  async *protocol() {
    yield await node('protocol', 5 * minute);
  },
  async *host() {
    yield await node('host', 10 * minute);
  },
  async *extension() {
    yield await node('extension', 15 * minute);
  },
  async *browser() {
    yield await node('browser', 28 * minute);
  },
};

const args = process.argv.slice(2);
let build = 'build';
if (args[0] === '--build') {
  [, build] = args.splice(0, 2);
}
const total = { passed: 0, failed: 0, skipped: 0 };
for (const name of args.length > 0 ? args : Object.keys(suites)) {
  if (!suites[name]) {
    console.error(`run.mjs: no suite "${name}"; there are ${Object.keys(suites).join(', ')}`);
    process.exit(2);
  }
  for await (const count of suites[name](build)) {
    total.passed += count.passed;
    total.failed += count.failed;
    total.skipped += count.skipped;
  }
}
const skipped = total.skipped ? `, ${total.skipped} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exit(total.failed === 0 ? 0 : 1);
