/** Text in the character sets of old pages, by turning around the decoder that every program has. */

/** @type {Map<string, Map<string, number[]>>} */
const tables = new Map();

/**
 * What each character is in a set of one or two bytes.
 *
 * @param {string} label
 */
function tableOf(label) {
  const known = tables.get(label);
  if (known) {
    return known;
  }
  const decoder = new TextDecoder(label);
  /** @type {Map<string, number[]>} */
  const table = new Map();
  /** @param {number[]} bytes */
  const add = (bytes) => {
    const text = decoder.decode(Uint8Array.from(bytes));
    if ([...text].length === 1 && text !== '\uFFFD' && !table.has(text)) {
      table.set(text, bytes);
    }
  };
  for (let byte = 0; byte < 256; byte++) {
    add([byte]);
  }
  for (let lead = 0x81; lead < 0xff; lead++) {
    for (let trail = 0x40; trail < 0xff; trail++) {
      add([lead, trail]);
    }
  }
  tables.set(label, table);
  return table;
}

/**
 * @param {string} text
 * @param {string} label - as in TextDecoder
 * @returns {Uint8Array}
 */
export function encode(text, label) {
  switch (label) {
    case 'utf-8':
      return Buffer.from(text);
    case 'utf-16le':
      return Buffer.from(text, 'utf16le');
    case 'utf-16be':
      return Buffer.from(text, 'utf16le').swap16();
    default: {
      const table = tableOf(label);
      return Uint8Array.from(
        [...text].flatMap((character) => {
          const bytes = table.get(character);
          if (!bytes) {
            throw new Error(`${label} has no ${character}`);
          }
          return bytes;
        }),
      );
    }
  }
}
