import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LIMITS, METHODS, PROTOCOL } from '../../extension/lib/protocol.js';
import { filesEnding, read } from './files.mjs';

const contract = read('host/PROTOCOL.md');

/** @param {string} heading */
const section = (heading) =>
  contract.split(/^## /m).find((part) => part.startsWith(heading)) ?? assert.fail(heading);

test('the extension knows the methods of the contract, all of them', () => {
  const headings = section('Methods').match(/^### .*$/gm) ?? [];
  const methods = headings.flatMap((line) => line.slice(4).split(', '));
  assert.deepEqual([...METHODS].sort(), methods.sort());
});

test('the extension asks for no method that the contract lacks', () => {
  const known = new Set(METHODS);
  for (const name of filesEnding('.js')) {
    const asked = read(`extension/${name}`).matchAll(/\.(?:request|ask)\(\s*'([a-z]+\.[a-z]+)'/g);
    for (const [, method] of asked) {
      assert.ok(known.has(method), `${name} asks for ${method}`);
    }
  }
});

test('protocol number and ceilings are those of the contract', () => {
  assert.match(contract, new RegExp(`Protocol number \\*\\*${PROTOCOL}\\*\\*`));
  const table = new Map(
    [...section('Limits').matchAll(/^\| (.+?) \| (.+?) \|$/gm)].map(([, what, ceiling]) => [
      what,
      ceiling,
    ]),
  );
  const MIB = 1024 * 1024;
  const KIB = 1024;
  assert.equal(table.get('frame to the host'), `${LIMITS.frame / MIB} MiB`);
  assert.equal(table.get('`data` of one `capture.add`'), `${LIMITS.part / MIB} MiB of UTF-8`);
  const capture = `${LIMITS.items}, ${LIMITS.capture / MIB} MiB`;
  assert.equal(table.get('items of one capture, their bytes together'), capture);
  assert.equal(table.get('one document'), `${LIMITS.document / MIB} MiB`);
  const typed = [LIMITS.url, LIMITS.title, LIMITS.note, LIMITS.query];
  const past = `(what is past ${LIMITS.searched / KIB} KiB is not searched, and named in \`hint\`)`;
  assert.equal(
    table.get('URL, title, note, query'),
    `${typed.map((size) => `${size / KIB} KiB`).join(', ')} ${past}`,
  );
  assert.equal(table.get('tags of a page, characters of a tag'), `${LIMITS.tags}, ${LIMITS.tag}`);
  const results = table.get('results of one `pages.search`, `tags.list`, `snapshots.list`');
  assert.equal(results, String(LIMITS.results));
  const said = `${LIMITS.mediaType} bytes, ${LIMITS.doctype / KIB} KiB`;
  assert.equal(table.get('`media_type`, `doctype`'), said);
  assert.equal(table.get('`media_limit`'), `${LIMITS.media / MIB} MiB`);
  const fonts = `${LIMITS.fonts}, ${LIMITS.fontName} bytes`;
  assert.equal(table.get('`unused_fonts` of one capture, each'), fonts);
  const links = `${LIMITS.links}, ${LIMITS.linksBytes / KIB} KiB`;
  assert.equal(table.get('links found in one text or added at once, their bytes together'), links);
  assert.equal(table.get('`text` of `links.find`'), `${LIMITS.linksText / MIB} MiB`);
  const jobs = `${LIMITS.jobs}, ${LIMITS.jobNumbers}`;
  assert.equal(table.get('jobs in one `queue.list`, numbers in one request'), jobs);
});
