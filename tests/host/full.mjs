// A disk of a few MiB, full to its last byte or read-only when a test wants it so.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** Why none can be mounted, or '' when it can. @param {string} folder an empty one */
export function whyNoDisk(folder) {
  const { status, stderr, error } = spawnSync('mount', [
    ...['-t', 'tmpfs', '-o', 'size=64k', 'linksnap-test', folder],
  ]);
  if (status === 0) {
    execFileSync('umount', [folder]);
    return '';
  }
  return `a small file system cannot be mounted here: ${error?.message ?? String(stderr).trim()}`;
}

export class SmallDisk {
  /** @param {string} folder is made, and lives until remove() @param {string} size as mount has it */
  constructor(folder, size = '12m') {
    this.folder = folder;
    this.ballast = join(folder, 'ballast');
    mkdirSync(folder, { recursive: true });
    this.#mount(`size=${size}`, '-t', 'tmpfs');
  }

  /** @param {string} options @param {string[]} more */
  #mount(options, ...more) {
    execFileSync('mount', [...more, '-o', options, 'linksnap-test', this.folder], {
      stdio: 'pipe',
    });
  }

  /** Leaves so many bytes, in pages of 4096. */
  fill(left = 0) {
    const file = openSync(this.ballast, 'a', 0o600);
    try {
      for (let size = 1 << 20; size > 0;) {
        size = this.#wrote(file, size) ? size : size >> 1;
      }
      if (left > 0) {
        ftruncateSync(file, Math.max(0, fstatSync(file).size - left));
      }
    } finally {
      closeSync(file);
    }
  }

  /** @param {number} file @param {number} size */
  #wrote(file, size) {
    try {
      return writeSync(file, Buffer.alloc(size)) === size;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOSPC') {
        return false;
      }
      throw error;
    }
  }

  /** Makes room again. */
  free() {
    rmSync(this.ballast, { force: true });
  }

  /** Nobody may have a file on it open for writing. @param {boolean} readOnly */
  setReadOnly(readOnly) {
    this.#mount(readOnly ? 'remount,ro' : 'remount,rw');
  }

  remove() {
    execFileSync('umount', ['--lazy', this.folder], { stdio: 'pipe' });
  }
}
