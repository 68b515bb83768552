/** The sample site's pictures, drawn when they are asked for: nothing binary is kept in the tree. */
import { deflateSync } from 'node:zlib';

/**
 * @typedef {[red: number, green: number, blue: number]} Color
 */

/**
 * @param {number} width
 * @param {number} height
 * @param {(x: number, y: number) => Color} colorAt
 * @returns {Buffer} PNG, 8 bits a channel
 */
export function png(width, height, colorAt) {
  const stride = width * 3 + 1;
  const rows = Buffer.alloc(stride * height);
  let above = new Uint8Array(width * 3);
  for (let y = 0; y < height; y++) {
    const row = new Uint8Array(width * 3);
    for (let x = 0; x < width; x++) {
      row.set(colorAt(x, y), x * 3);
    }
    rows[y * stride] = 2; // filter "up": skies and walls change little from row to row
    row.forEach((value, i) => {
      rows[y * stride + 1 + i] = value - above[i];
    });
    above = row;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/**
 * @param {string} type
 * @param {Buffer} data
 */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

const CRCS = Uint32Array.from({ length: 256 }, (_, n) => {
  let crc = n;
  for (let bit = 0; bit < 8; bit++) {
    crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return crc >>> 0;
});

/** @param {Buffer} bytes */
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc = (crc >>> 8) ^ CRCS[(crc ^ byte) & 255];
  }
  return ~crc >>> 0;
}

/**
 * The same numbers between 0 and 1 for the same seed.
 *
 * @param {number} seed
 */
function random(seed) {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

/**
 * @param {Color} from
 * @param {Color} to
 * @param {number} share
 * @returns {Color}
 */
function mix(from, to, share) {
  const part = Math.min(1, Math.max(0, share));
  const [red, green, blue] = from.map((value, i) => value + (to[i] - value) * part);
  return [red, green, blue];
}

/**
 * Hills under a low sun.
 *
 * @param {number} width
 * @param {number} height
 * @param {number} seed
 */
export function landscape(width, height, seed) {
  const next = random(seed);
  /** @type {[top: Color, low: Color][]} */
  const skies = [
    [
      [31, 58, 95],
      [250, 203, 156],
    ],
    [
      [39, 88, 107],
      [252, 227, 178],
    ],
    [
      [72, 52, 94],
      [247, 176, 139],
    ],
  ];
  const [top, low] = skies[seed % skies.length];
  const hills = Array.from({ length: 5 }, (_, i) => ({
    base: 0.52 + i * 0.1,
    waves: Array.from({ length: 3 }, () => [
      2 + next() * 9,
      next() * 7,
      (0.05 - i * 0.006) * next(),
    ]),
    color: mix([122, 146, 148], [28, 52, 58], i / 4),
  }));
  const sun = { x: 0.25 + next() * 0.5, y: 0.4, radius: 0.07 };
  const ridges = hills.map(({ base, waves }) =>
    Array.from(
      { length: width },
      (_, x) =>
        height *
        (base + waves.reduce((sum, [f, p, a]) => sum + a * Math.sin((x / width) * f + p), 0)),
    ),
  );
  return png(width, height, (x, y) => {
    for (let i = hills.length - 1; i >= 0; i--) {
      if (y > ridges[i][x]) {
        return mix(
          hills[i].color,
          [250, 203, 156],
          0.12 * (1 - (y - ridges[i][x]) / (height * 0.2)),
        );
      }
    }
    const sky = mix(top, low, (y / height) * 1.6);
    const far = Math.hypot((x / width - sun.x) * (width / height), y / height - sun.y);
    return far < sun.radius ? [255, 240, 214] : mix(sky, [255, 232, 196], 0.5 - far * 1.4);
  });
}

/**
 * Books on shelves.
 *
 * @param {number} width
 * @param {number} height
 * @param {number} seed
 */
export function bookshelf(width, height, seed) {
  const next = random(seed);
  /** @type {Color[]} */
  const covers = [
    [158, 61, 45],
    [46, 84, 92],
    [201, 155, 83],
    [88, 64, 92],
    [111, 128, 92],
    [228, 214, 187],
    [52, 58, 78],
  ];
  const shelf = Math.round(height / 3);
  const rows = Array.from({ length: 3 }, () => {
    /** @type {{ color: Color, top: number, band: number }[]} */
    const columns = [];
    while (columns.length < width) {
      const book = {
        color: covers[Math.floor(next() * covers.length)],
        top: shelf * (0.14 + next() * 0.22),
        band: shelf * (0.4 + next() * 0.3),
      };
      const thick = Math.round(width * (0.02 + next() * 0.035));
      for (let i = 0; i < thick; i++) {
        const shade = 0.28 * Math.abs(i / thick - 0.42);
        columns.push({ ...book, color: mix(book.color, [0, 0, 0], i === 0 ? 0.5 : shade) });
      }
    }
    return columns;
  });
  return png(width, height, (x, y) => {
    const row = Math.min(2, Math.floor(y / shelf));
    const inside = y - row * shelf;
    if (inside > shelf * 0.92) {
      return mix([122, 82, 52], [70, 44, 28], (inside / shelf - 0.92) * 12);
    }
    const { color, top, band } = rows[row][x];
    if (inside < top) {
      return mix([58, 38, 26], [34, 22, 16], inside / top);
    }
    return Math.abs(inside - band) < shelf * 0.018 ? mix(color, [240, 225, 190], 0.6) : color;
  });
}

/**
 * A face of a person who is none.
 *
 * @param {number} size
 * @param {number} seed
 */
export function avatar(size, seed) {
  const next = random(seed + 99);
  const back = mix([214, 226, 222], [238, 208, 178], next());
  const cloth = mix([46, 84, 92], [158, 61, 45], next());
  const skin = mix([244, 208, 177], [150, 100, 70], next());
  const hair = mix([30, 26, 26], [120, 84, 50], next());
  return png(size, size, (px, py) => {
    const x = px / size - 0.5;
    const y = py / size - 0.5;
    if (Math.hypot(x, (y + 0.06) * 0.86) < 0.2 && y > -0.16 + Math.abs(x) * 0.25) {
      return skin;
    }
    if (Math.hypot(x, y + 0.1) < 0.235) {
      return hair;
    }
    return Math.hypot(x, (y - 0.56) * 0.8) < 0.37 ? cloth : back;
  });
}

/** Paper, for the background of the page. */
export function paper() {
  const next = random(7);
  const grain = Array.from({ length: 64 * 64 }, () => next() * 5);
  return png(64, 64, (x, y) => {
    const tint = grain[y * 64 + x];
    return [252 - tint, 249 - tint, 243 - tint];
  });
}

/**
 * @param {string} body
 * @param {string} box
 */
const svg = (box, body) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" role="img">${body}</svg>`;

/** The lamp in the window: the library's mark. */
export const mark = svg(
  '0 0 64 64',
  '<rect width="64" height="64" rx="14" fill="#1f3a5f"/><path d="M20 46V26a12 12 0 0 1 24 0v20z" fill="#fbe3b2"/>' +
    '<path d="M32 14v32M20 32h24" stroke="#1f3a5f" stroke-width="3"/><circle cx="32" cy="26" r="5" fill="#e08a3c"/>',
);

/** How a page gets onto the shelf. */
export const steps = svg(
  '0 0 640 150',
  ['#1f3a5f', '#2f6f73', '#b4552d']
    .map((color, i) => {
      const x = 20 + i * 210;
      const label = ['打开 open', '快照 snapshot', '入藏 keep'][i];
      const arrow =
        i < 2
          ? `<path d="M${x + 172} 62h30m-9-8 9 8-9 8" fill="none" stroke="#8a8f98" stroke-width="3"/>`
          : '';
      return `<rect x="${x}" y="20" width="160" height="84" rx="10" fill="${color}"/>
        <path d="M${x + 24} 46h112M${x + 24} 62h84M${x + 24} 78h98" stroke="#fff" stroke-opacity=".75" stroke-width="6" stroke-linecap="round"/>
        <text x="${x + 80}" y="134" text-anchor="middle" font-family="sans-serif" font-size="18" fill="${color}">${label}</text>${arrow}`;
    })
    .join(''),
);

/** @param {number} seed */
export function ornament(seed) {
  const next = random(seed + 3);
  const petals = Array.from({ length: 8 }, (_, i) => {
    const hue = Math.round(18 + next() * 24);
    return `<ellipse cx="50" cy="24" rx="9" ry="20" fill="hsl(${hue} 56% ${44 + i * 3}%)" opacity=".8" transform="rotate(${i * 45} 50 50)"/>`;
  });
  return svg('0 0 100 100', `${petals.join('')}<circle cx="50" cy="50" r="9" fill="#1f3a5f"/>`);
}

/** What the quotation marks of a block quote look like. */
export const quote = svg(
  '0 0 40 32',
  '<path d="M4 32V18C4 8 9 2 17 0v6c-4 1-6 4-6 9h6v17zm21 0V18c0-10 5-16 13-18v6c-4 1-6 4-6 9h6v17z" fill="#e08a3c"/>',
);
