/* Writes host/store/pinyin_table.h: how Chinese characters are read, from the Unihan database's
 * Unihan_Readings.txt (Debian's unicode-data has it). Not part of the build; run by hand when
 * Unihan or hant_table.h changes:
 *
 *   node host/store/gen/pinyin_table.mjs Unihan_Readings.txt > host/store/pinyin_table.h
 *
 * Readings are those of kHanyuPinlu (with how often each is used), kMandarin and kTGHZ2013 (the
 * dictionary of the 8,105 standard characters), without tones; the commonest comes first. Texts are
 * folded before they are looked up, so a character that hant_table.h folds gives its readings to
 * the one it becomes. */
import { readFileSync } from 'node:fs';

const FIRST = 0x4e00;
const LAST = 0x9fff;

const plain = (syllable) =>
  syllable
    .normalize('NFD')
    .replace(/u\u0308/g, 'v')
    .replace(/[^a-z]/g, '');

const fields = new Map(); // code point -> { field: value }
const source = readFileSync(process.argv[2], 'utf8');
for (const line of source.split('\n')) {
  const [cp, field, value] = line.split('\t');
  if (!['kHanyuPinlu', 'kMandarin', 'kTGHZ2013'].includes(field)) continue;
  const number = parseInt(cp.slice(2), 16);
  if (!fields.has(number)) fields.set(number, {});
  fields.get(number)[field] = value;
}

const readings = (cp) => {
  const { kHanyuPinlu = '', kMandarin = '', kTGHZ2013 = '' } = fields.get(cp) ?? {};
  const often = kHanyuPinlu.split(' ').filter(Boolean);
  often.sort((a, b) => parseInt(b.split('(')[1], 10) - parseInt(a.split('(')[1], 10));
  return [
    ...often.map((reading) => reading.split('(')[0]),
    ...kMandarin.split(' '),
    ...kTGHZ2013.split(' ').flatMap((entry) => (entry.split(':')[1] ?? '').split(',')),
  ]
    .map(plain)
    .filter(Boolean);
};

const folded = new Map();
const table = readFileSync(new URL('../hant_table.h', import.meta.url), 'utf8');
for (const [, from, to] of table.matchAll(/\{(0x[0-9A-F]+), (0x[0-9A-F]+)\}/g))
  folded.set(Number(from), Number(to));

const all = new Map();
for (const cp of [...fields.keys()].sort((a, b) => folded.has(a) - folded.has(b) || a - b)) {
  const to = folded.get(cp) ?? cp;
  const standard = 'kTGHZ2013' in fields.get(cp) || 'kHanyuPinlu' in fields.get(cp);
  if (to === cp && !standard && (cp < FIRST || cp > LAST)) continue;
  const known = all.get(to);
  if (to !== cp && known === undefined) continue;
  all.set(to, [...new Set([...(known ?? []), ...readings(cp)])]);
}

// Most frequent sets first, only for the eye: they are looked up by their number.
const counts = new Map();
for (const list of all.values()) {
  const set = list.join(' ');
  counts.set(set, (counts.get(set) ?? 0) + 1);
}
const sets = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1));
const numbers = new Map(sets.map((set, i) => [set, i + 1]));
const longest = Math.max(...sets.map((set) => set.length));

const out = [];
const wrap = (items) => {
  let line = '   ';
  for (const item of items) {
    if (line.length + 1 + item.length > 100) {
      out.push(line);
      line = '   ';
    }
    line += ` ${item}`;
  }
  out.push(line);
};
const numberOf = (cp) => (all.has(cp) ? numbers.get(all.get(cp).join(' ')) : 0);
const version = source.match(/Unicode version: (\S+)/)[1];
out.push(`/* How Chinese characters are read, without tones; v is \\u00FC. Written by
 * host/store/gen/pinyin_table.mjs from Unihan ${version} (Unicode License); do not edit. */
#ifndef STORE_PINYIN_TABLE_H
#define STORE_PINYIN_TABLE_H

#include <stdint.h>

enum { PINYIN_FIRST = 0x${FIRST.toString(16).toUpperCase()}, PINYIN_LAST = 0x${LAST.toString(16).toUpperCase()} };

/* Sets of readings. */
static const char pinyin_sets[][${longest + 1}] = {`);
wrap(['"",', ...sets.map((set) => `"${set}",`)]);
out.push("};\n\n/* The number of each character's set; 0: no reading is known. */");
out.push('static const uint16_t pinyin_numbers[PINYIN_LAST - PINYIN_FIRST + 1] = {');
wrap(Array.from({ length: LAST - FIRST + 1 }, (_, i) => `${numberOf(FIRST + i)},`));
out.push('};\n\n/* The same for characters elsewhere, sorted. */');
out.push(
  'static const struct pinyin_rare {\n    uint32_t cp;\n    uint16_t number;\n} pinyin_rare[] = {',
);
const rare = [...all.keys()].filter((cp) => cp < FIRST || cp > LAST).sort((a, b) => a - b);
wrap(rare.map((cp) => `{0x${cp.toString(16).toUpperCase()}, ${numberOf(cp)}},`));
out.push('};\n\n#endif');
console.log(out.join('\n'));
