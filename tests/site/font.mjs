/**
 * A TrueType font of four signs, made from their outlines (OpenType 1.9, "Font Tables"): the sample
 * site has a font of its own without a font file in the tree.
 */

const UNITS = 1000;

/** Outlines, each a polygon or several; x to the right, y up. */
const SIGNS = {
  // a bookmark
  '\uE001': [
    [
      [250, -50],
      [250, 800],
      [750, 800],
      [750, -50],
      [500, 180],
    ],
  ],
  // a star
  '\uE002': [
    Array.from({ length: 10 }, (_, i) => {
      const radius = i % 2 ? 190 : 460;
      const angle = Math.PI / 2 - (i * Math.PI) / 5;
      return [
        Math.round(500 + radius * Math.cos(angle)),
        Math.round(370 + radius * Math.sin(angle)),
      ];
    }),
  ],
  // a clock: a ring, turned the other way inside, and hands
  '\uE003': [
    ring(430, 1),
    ring(340, -1),
    [
      [465, 620],
      [535, 620],
      [535, 400],
      [690, 310],
      [655, 250],
      [465, 360],
    ],
  ],
  // an arrow
  '\uE004': [
    [
      [150, 440],
      [600, 440],
      [600, 620],
      [880, 375],
      [600, 130],
      [600, 310],
      [150, 310],
    ],
  ],
};

/**
 * @param {number} radius
 * @param {number} turn
 */
function ring(radius, turn) {
  return Array.from({ length: 32 }, (_, i) => {
    const angle = (-turn * i * Math.PI) / 16;
    return [Math.round(500 + radius * Math.cos(angle)), Math.round(375 + radius * Math.sin(angle))];
  });
}

/**
 * @param {number} bytes - of each number
 * @param {number[]} numbers
 */
function pack(bytes, numbers) {
  const buffer = Buffer.alloc(bytes * numbers.length);
  numbers.forEach((number, i) => {
    buffer.writeUIntBE(number < 0 ? number + 2 ** (8 * bytes) : number, i * bytes, bytes);
  });
  return buffer;
}

const shorts = (/** @type {number[]} */ ...numbers) => pack(2, numbers);
const longs = (/** @type {number[]} */ ...numbers) => pack(4, numbers);

/** @param {number[][][]} contours */
function glyph(contours) {
  const points = contours.flat();
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const steps = (/** @type {number[]} */ values) =>
    values.map((value, i) => value - (values[i - 1] ?? 0));
  let last = -1;
  const ends = contours.map((contour) => (last += contour.length));
  const data = Buffer.concat([
    shorts(contours.length, Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)),
    shorts(...ends),
    shorts(0),
    Buffer.alloc(points.length, 1), // on the curve, both coordinates as words
    shorts(...steps(xs)),
    shorts(...steps(ys)),
  ]);
  return Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
}

/** @param {string} family */
export function makeFont(family) {
  const codes = Object.keys(SIGNS).map((sign) => sign.charCodeAt(0));
  const box = [
    [
      [100, 0],
      [100, 700],
      [900, 700],
      [900, 0],
    ],
  ];
  const glyphs = [box, ...Object.values(SIGNS)].map(glyph);
  const offsets = glyphs.reduce(
    (list, data) => [...list, list[list.length - 1] + data.length],
    [0],
  );
  const count = glyphs.length;
  const names = [
    [1, family],
    [2, 'Regular'],
    [4, family],
    [6, family.replaceAll(' ', '')],
  ];
  const strings = names.map(([, text]) => Buffer.from(String(text), 'utf16le').swap16());
  let at = 0;
  const nameRecords = names.map(([id], i) => {
    const record = shorts(3, 1, 0x409, Number(id), strings[i].length, at);
    at += strings[i].length;
    return record;
  });
  const cmap = Buffer.concat([
    shorts(0, 1, 3, 1),
    longs(12),
    // format 4 with one segment, and the last that every one has
    shorts(
      4,
      32,
      0,
      4,
      4,
      1,
      0,
      codes[codes.length - 1],
      0xffff,
      0,
      codes[0],
      0xffff,
      1 - codes[0],
      1,
      0,
      0,
    ),
  ]);
  /** @type {Record<string, Buffer>} */
  const tables = {
    'OS/2': Buffer.concat([
      shorts(4, UNITS, 400, 5, 0, 650, 600, 0, 75, 650, 600, 0, 350, 50, 250, 0),
      Buffer.alloc(10 + 16 + 4),
      shorts(0x40, codes[0], codes[codes.length - 1], 800, -200, 0, 900, 200),
      longs(1, 0),
      shorts(500, 700, 0, 32, 0),
    ]),
    cmap,
    glyf: Buffer.concat(glyphs),
    head: Buffer.concat([
      longs(0x00010000, 0x00010000, 0, 0x5f0f3cf5),
      shorts(3, UNITS),
      Buffer.alloc(16),
      shorts(0, -100, 1000, 900, 0, 8, 2, 1, 0),
    ]),
    hhea: Buffer.concat([
      longs(0x00010000),
      shorts(900, -200, 0, UNITS, 0, 0, UNITS, 1, 0, 0, 0, 0, 0, 0, 0, count),
    ]),
    hmtx: shorts(...glyphs.flatMap(() => [UNITS, 0])),
    loca: longs(...offsets),
    maxp: Buffer.concat([longs(0x00010000), shorts(count, 80, 4, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0)]),
    name: Buffer.concat([
      shorts(0, names.length, 6 + 12 * names.length),
      ...nameRecords,
      ...strings,
    ]),
    post: Buffer.concat([longs(0x00030000, 0), shorts(-100, 50), longs(0, 0, 0, 0, 0)]),
  };
  const file = assemble(tables);
  // checkSumAdjustment: the whole file sums up to this number.
  const head = 12 + 16 * Object.keys(tables).indexOf('head');
  file.writeUInt32BE((0xb1b0afba - sum(file)) >>> 0, file.readUInt32BE(head + 8) + 8);
  return file;
}

/** @param {Record<string, Buffer>} tables */
function assemble(tables) {
  const tags = Object.keys(tables);
  const power = Math.floor(Math.log2(tags.length));
  const range = 16 * 2 ** power;
  let at = 12 + 16 * tags.length;
  const records = [];
  const bodies = [];
  for (const tag of tags) {
    const body = tables[tag];
    const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
    records.push(Buffer.from(tag, 'latin1'), longs(sum(padded), at, body.length));
    bodies.push(padded);
    at += padded.length;
  }
  return Buffer.concat([
    longs(0x00010000),
    shorts(tags.length, range, power, 16 * tags.length - range),
    ...records,
    ...bodies,
  ]);
}

/** @param {Buffer} data */
function sum(data) {
  let total = 0;
  for (let i = 0; i < data.length; i += 4) {
    total = (total + data.readUInt32BE(i)) >>> 0;
  }
  return total;
}
