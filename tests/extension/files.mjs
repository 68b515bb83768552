/** The extension's files, as text. */
import { readFileSync, readdirSync } from 'node:fs';

export const root = new URL('../../', import.meta.url);

/** @param {string} path - from the root of the project */
export const read = (path) => readFileSync(new URL(path, root), 'utf8');

/**
 * Those that are ours.
 *
 * @param {string} ending
 * @returns {string[]} paths inside extension/
 */
export function filesEnding(ending) {
  return readdirSync(new URL('extension/', root), { recursive: true })
    .map((name) => String(name).replaceAll('\\', '/'))
    .filter((name) => name.endsWith(ending) && !name.startsWith('vendor/'));
}
