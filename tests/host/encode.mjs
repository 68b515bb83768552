// Texts in the encodings of older sites, made by turning node's decoders round.

/** Bytes that may stand for a character, in each way of building them. @type {Record<string, number[][]>} */
const shapes = {
  gbk: [[0x81, 0xfe, 0x40, 0xfe]],
  gb18030: [[0x81, 0xfe, 0x40, 0xfe]],
  big5: [[0x81, 0xfe, 0x40, 0xfe]],
  shift_jis: [[0x81, 0xfc, 0x40, 0xfc]],
  'euc-jp': [[0xa1, 0xfe, 0xa1, 0xfe]],
  'euc-kr': [[0x81, 0xfe, 0x41, 0xfe]],
};

/** @type {Map<string, Map<string, Buffer>>} */
const tables = new Map();

/** @param {string} encoding */
function table(encoding) {
  const known = tables.get(encoding);
  if (known) {
    return known;
  }
  /** @type {Map<string, Buffer>} */
  const map = new Map();
  const decoder = new TextDecoder(encoding);
  const add = (/** @type {number[]} */ bytes) => {
    const text = decoder.decode(Buffer.from(bytes));
    if ([...text].length === 1 && text !== '\ufffd' && !map.has(text)) {
      map.set(text, Buffer.from(bytes));
    }
  };
  for (let byte = 0; byte < 256; byte++) {
    add([byte]);
  }
  if (encoding === 'windows-1252') {
    // Some versions of node read these as ISO 8859-1 has them.
    ['€\x80', '“\x93', '”\x94'].forEach(([letter, byte]) =>
      map.set(letter, Buffer.from(byte, 'latin1')),
    );
  }
  for (const [lead, lastLead, trail, lastTrail] of shapes[encoding] ?? []) {
    for (let first = lead; first <= lastLead; first++) {
      for (let second = trail; second <= lastTrail; second++) {
        add([first, second]);
      }
    }
  }
  tables.set(encoding, map);
  return map;
}

/**
 * @param {string} text
 * @param {string} encoding a label that TextDecoder knows
 * @returns {Buffer}
 */
export function encode(text, encoding) {
  if (encoding === 'utf-8') {
    return Buffer.from(text);
  }
  if (encoding === 'utf-16le') {
    return Buffer.from(text, 'utf16le');
  }
  if (encoding === 'utf-16be') {
    return Buffer.from(text, 'utf16le').swap16();
  }
  const map = table(encoding);
  return Buffer.concat(
    [...text].map((letter) => {
      const bytes = map.get(letter) ?? fourBytes(letter, encoding);
      if (!bytes) {
        throw new Error(`${encoding} has no ${letter}`);
      }
      return bytes;
    }),
  );
}

/** What GB18030 counts on for what it has no pair for. @param {string} letter @param {string} encoding */
function fourBytes(letter, encoding) {
  const index = (letter.codePointAt(0) ?? 0) - 0x10000 + 189_000;
  if (encoding !== 'gb18030' || index < 189_000) {
    return undefined;
  }
  const third = Math.floor(index / 10);
  const second = Math.floor(third / 126);
  return Buffer.from([
    0x81 + Math.floor(second / 10),
    0x30 + (second % 10),
    0x81 + (third % 126),
    0x30 + (index % 10),
  ]);
}
