/**
 * The sample site, on two ports of the loopback interface: the second stands for another site.
 *
 *     node tests/site/server.mjs [PORT]
 */
import fs from 'node:fs';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { makeFont } from './font.mjs';
import * as pictures from './pictures.mjs';

const WWW = new URL('www/', import.meta.url);

/** @type {Record<string, [file: string, type: string]>} */
const FILES = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/articles/snapshots': ['articles/snapshots.html', 'text/html; charset=utf-8'],
  '/articles/garden': ['articles/garden.html', 'text/html; charset=utf-8'],
  '/articles/type': ['articles/type.html', 'text/html; charset=utf-8'],
  '/frames/today': ['frames/today.html', 'text/html; charset=utf-8'],
  '/frames/neighbour': ['frames/neighbour.html', 'text/html; charset=utf-8'],
  '/styles/site.css': ['styles/site.css', 'text/css'],
  '/styles/base.css': ['styles/base.css', 'text/css'],
  '/styles/parts.css': ['styles/parts.css', 'text/css'],
  '/styles/article.css': ['styles/article.css', 'text/css'],
  '/styles/frame.css': ['styles/frame.css', 'text/css'],
  '/scripts/article.js': ['scripts/article.js', 'text/javascript'],
};

/** @type {Record<string, () => string | Buffer>} */
const SVGS = {
  mark: () => pictures.mark,
  steps: () => pictures.steps,
  quote: () => pictures.quote,
};

/** @type {Record<string, () => Buffer>} */
const PNGS = {
  'hero-600': () => pictures.landscape(600, 200, 1),
  'hero-1200': () => pictures.landscape(1200, 400, 1),
  'hero-1800': () => pictures.landscape(1800, 600, 1),
  wide: () => pictures.landscape(900, 260, 2),
  narrow: () => pictures.landscape(400, 260, 2),
  garden: () => pictures.landscape(680, 300, 3),
  paper: pictures.paper,
};

const RELATED = [
  {
    title: '图书馆的后院',
    text: '石榴、青苔和一只不还书的猫。',
    url: '/articles/garden',
    image: '/images/shelf-10.png',
  },
  {
    title: '两种文字一行字',
    text: '汉字与字母之间的那条缝。',
    url: '/articles/type',
    image: '/images/shelf-11.png',
  },
  {
    title: '馆藏目录',
    text: '按字排列，两个字就能查到。',
    url: '/',
    image: '/images/shelf-12.png',
  },
];

/** What was drawn once is kept. @type {Map<string, string | Buffer>} */
const drawn = new Map();

/**
 * @param {string} path
 * @returns {string | Buffer | null}
 */
function draw(path) {
  const [, name, number, type] =
    /^\/images\/([a-z]+(?:-\d{3,4})?)(?:-(\d{1,2}))?\.(png|svg)$/.exec(path) ?? [];
  const seed = Number(number);
  if (type === 'svg') {
    return SVGS[name]?.() ?? (name === 'ornament' ? pictures.ornament(seed) : null);
  }
  switch (name) {
    case 'shelf':
      return pictures.bookshelf(240, 180, seed);
    case 'face':
      return pictures.avatar(88, seed);
    default:
      return PNGS[name]?.() ?? null;
  }
}

/**
 * @param {string} path
 * @param {string} other
 * @returns {{ body: string | Buffer, type: string } | null}
 */
function find(path, other) {
  if (FILES[path]) {
    const [file, type] = FILES[path];
    const text = fs.readFileSync(new URL(file, WWW), 'utf8');
    return { body: text.replaceAll('{{other}}', other), type };
  }
  if (path === '/fonts/signs.ttf') {
    return { body: makeFont('Lamp Signs'), type: 'font/ttf' };
  }
  if (path === '/api/related.json') {
    return { body: JSON.stringify(RELATED), type: 'application/json' };
  }
  const body = drawn.get(path) ?? draw(path);
  if (!body) {
    return null;
  }
  drawn.set(path, body);
  return { body, type: path.endsWith('.svg') ? 'image/svg+xml' : 'image/png' };
}

/**
 * @typedef {object} Site
 * @property {string} origin
 * @property {string} otherOrigin
 * @property {string[]} requests - paths that were asked for, of both
 * @property {() => Promise<void>} close - afterwards nothing answers any more
 */

/**
 * @param {{ port?: number }} [options] - 0: any that is free
 * @returns {Promise<Site>}
 */
export async function startSite({ port = 0 } = {}) {
  /** @type {string[]} */
  const requests = [];
  let other = '';
  /** @type {http.RequestListener} */
  const answer = (request, response) => {
    const { pathname } = new URL(String(request.url), 'http://localhost');
    requests.push(pathname);
    const found = find(pathname, other);
    response.writeHead(found ? 200 : 404, {
      'content-type': found?.type ?? 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
    });
    response.end(found?.body ?? '404 Not Found');
  };
  const servers = [http.createServer(answer), http.createServer(answer)];
  const ports = [];
  for (const [i, server] of servers.entries()) {
    ports.push(await listen(server, i === 0 ? port : 0));
  }
  const origin = `http://127.0.0.1:${ports[0]}`;
  other = `http://localhost:${ports[1]}`;
  return {
    origin,
    otherOrigin: other,
    requests,
    async close() {
      for (const server of servers) {
        const closed = new Promise((resolve) => {
          server.close(resolve);
        });
        server.closeAllConnections();
        await closed;
      }
    },
  };
}

/**
 * @param {http.Server} server
 * @param {number} port
 * @returns {Promise<number>}
 */
function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      resolve(/** @type {import('node:net').AddressInfo} */ (server.address()).port);
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const site = await startSite({ port: Number(process.argv[2] ?? 8080) });
  console.log(`${site.origin}/  (the other site: ${site.otherOrigin})`);
}
