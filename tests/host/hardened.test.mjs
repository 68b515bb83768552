// What checksec looks for, read from the programs themselves.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { programs } from './port.mjs';

/** @param {string} program @param {string[]} options */
function readelf(program, ...options) {
  return execFileSync('readelf', ['-W', ...options, join(programs, program)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: 1 << 26,
  });
}

const unreadable = platform() !== 'linux' || spawnSync('readelf', ['--version']).error;

/** The flags of all segments of a type, such as "RW ". @param {string} segments @param {string} type */
function flags(segments, type) {
  const line = new RegExp(`^ +${type} +(?:0x\\w+ +){5}([R ][W ][E ])`, 'gm');
  return [...segments.matchAll(line)].map(([, found]) => found);
}

for (const program of ['linksnap-host', 'linksnap']) {
  test(`${program} is hardened`, (t) => {
    if (unreadable) {
      t.skip('no ELF, or no readelf');
      return;
    }
    const dynamic = readelf(program, '-d');
    const segments = readelf(program, '-l');
    const symbols = readelf(program, '--dyn-syms');
    if (symbols.includes('__asan_init')) {
      t.skip('sanitizers are their own hardening');
      return;
    }
    assert.match(readelf(program, '-h'), /Type: +DYN/, 'lies anywhere in memory');
    assert.match(dynamic, /\(FLAGS_1\).*\bPIE\b/, 'and is a program nevertheless');
    assert.match(dynamic, /\bBIND_NOW\b|\(FLAGS_1\).*\bNOW\b/, 'links all before main()');
    assert.equal(flags(segments, 'GNU_RELRO').length, 1, 'and has its tables read-only then');
    assert.deepEqual(flags(segments, 'GNU_STACK'), ['RW '], 'a stack that is not run');
    const loaded = flags(segments, 'LOAD');
    assert.ok(loaded.length > 2);
    assert.ok(!loaded.some((each) => each.includes('W') && each.includes('E')), 'W or X');
    assert.equal(loaded.filter((each) => each === 'R E').length, 1, 'code apart from data');
    assert.doesNotMatch(dynamic, /\((RPATH|RUNPATH|TEXTREL)\)/);
    assert.match(symbols, /__stack_chk_fail/);
    const checked = new Set([...symbols.matchAll(/ (__\w+_chk)\b/g)].map(([, name]) => name));
    assert.ok(checked.size >= 5, `only ${[...checked]}`);
    if (arch() === 'x64') {
      // endbr64, where functions begin. The note that says so of a whole program is not there as
      // long as libc's own start-up files lack it, as those of Debian 12 do.
      const bytes = readFileSync(join(programs, program));
      const landing = Buffer.from([0xf3, 0x0f, 0x1e, 0xfa]);
      let count = 0;
      for (let at = bytes.indexOf(landing); at >= 0; at = bytes.indexOf(landing, at + 1)) {
        count += 1;
      }
      assert.ok(count > 500, `only ${count} places to jump to`);
    }
  });
}
