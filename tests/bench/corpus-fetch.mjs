/**
 * The material of `make bench-fidelity`: packages of the registries that npm and apt on this machine
 * are set up with, unpacked into build/corpus and kept there.
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../browser/profile.mjs';

const run = promisify(execFile);
const CORPUS = path.join(ROOT, 'build/corpus');

/**
 * One package, as `npm:NAME@VERSION` or `deb:NAME=VERSION`.
 *
 * @param {string} spec
 * @returns {Promise<string>} its folder
 */
export async function fetchPackage(spec) {
  const [, kind, name] = /^(npm|deb):(.+)$/.exec(spec) ?? [];
  if (!kind) {
    throw new Error(`${spec} names no package`);
  }
  const folder = path.join(CORPUS, kind, name.replaceAll('/', '+'));
  if (await exists(folder)) {
    return folder;
  }
  await fs.mkdir(CORPUS, { recursive: true });
  const scratch = await fs.mkdtemp(path.join(CORPUS, 'fetch-'));
  try {
    const unpacked = await (kind === 'npm' ? fetchNpm : fetchDebian)(name, scratch);
    await fs.mkdir(path.dirname(folder), { recursive: true });
    await fs.rename(unpacked, folder);
  } finally {
    await fs.rm(scratch, { recursive: true, force: true });
  }
  return folder;
}

/**
 * @param {string} name
 * @param {string} scratch
 */
async function fetchNpm(name, scratch) {
  await run('npm', ['pack', name, '--silent', '--ignore-scripts', '--pack-destination', scratch], {
    cwd: scratch,
  });
  const archive = await onlyFile(scratch);
  await run(
    'tar',
    ['-xzf', archive, '--no-same-owner', '--one-top-level=out', '--strip-components=1'],
    {
      cwd: scratch,
    },
  );
  return path.join(scratch, 'out');
}

/**
 * @param {string} name
 * @param {string} scratch
 */
async function fetchDebian(name, scratch) {
  await run('apt-get', ['download', '-q', name], { cwd: scratch });
  const archive = await onlyFile(scratch);
  await run('dpkg-deb', ['-x', archive, 'out'], { cwd: scratch });
  return path.join(scratch, 'out');
}

/** @param {string} folder */
async function onlyFile(folder) {
  const [name] = await fs.readdir(folder);
  return path.join(folder, name);
}

/** @param {string} file */
async function exists(file) {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}
