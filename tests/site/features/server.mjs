/**
 * The feature sites, each a folder here, on two ports of the loopback interface: the second stands for
 * another site.
 *
 *     node tests/site/features/server.mjs [PORT]
 *
 * A file is served as it lies there; in text of UTF-8, `{{origin}}` and `{{other}}` stand for the two
 * origins. What a file cannot say (headers, redirects, character sets, bytes made on the way) is in
 * the `route.mjs` of its folder. Below `/_/` is what all share: `green.png`, `red-60x20.svg`,
 * `font/NAME.ttf`, `tone-SECONDS.wav`.
 *
 * @typedef {object} Answer
 * @property {number} [status]
 * @property {Record<string, string>} [headers]
 * @property {string | Uint8Array | ReadableStream | null} [body]
 *
 * @typedef {object} Asked
 * @property {string} path - below the site's folder, decoded
 * @property {URL} url
 * @property {import('node:http').IncomingMessage} request
 * @property {import('node:http').ServerResponse} response - for a route that answers by itself
 * @property {string} origin
 * @property {string} other
 *
 * @typedef {(asked: Asked) => Promise<Answer | null | undefined> | Answer | null | undefined} Route -
 *   null: the file, if there is one; undefined: it was answered
 */
import fs from 'node:fs';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { makeFont } from '../font.mjs';
import { png } from '../pictures.mjs';
import { makeTone } from './tone.mjs';

const HERE = new URL('./', import.meta.url);

/** @type {Record<string, string>} */
const TYPES = {
  html: 'text/html; charset=utf-8',
  xhtml: 'application/xhtml+xml',
  css: 'text/css',
  js: 'text/javascript',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/png',
  json: 'application/json',
  webm: 'video/webm',
  wav: 'audio/wav',
  vtt: 'text/vtt',
  ttf: 'font/ttf',
};

/** @type {Record<string, [number, number, number]>} */
export const COLORS = {
  green: [0, 128, 0],
  red: [255, 0, 0],
  blue: [0, 0, 255],
  white: [255, 255, 255],
};

/**
 * @param {string} path - without the slash in front
 * @returns {Answer}
 */
function shared(path) {
  const picture = /^_\/([a-z]+)(?:-(\d+)x(\d+))?\.(png|svg)$/.exec(path);
  if (picture && COLORS[picture[1]]) {
    const [, name, width = '40', height = '40', type] = picture;
    const color = COLORS[name];
    return {
      headers: { 'content-type': TYPES[type] },
      body:
        type === 'png'
          ? png(Number(width), Number(height), () => color)
          : `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${name}"/></svg>`,
    };
  }
  if (path === 'favicon.ico') {
    return { headers: { 'content-type': 'image/png' }, body: png(32, 32, () => COLORS.green) };
  }
  const font = /^_\/font\/([A-Za-z-]+)\.ttf$/.exec(path);
  if (font) {
    return { headers: { 'content-type': 'font/ttf' }, body: makeFont(font[1]) };
  }
  const tone = /^_\/tone-(\d+)\.wav$/.exec(path);
  if (tone) {
    return { headers: { 'content-type': 'audio/wav' }, body: makeTone(Number(tone[1])) };
  }
  return { status: 404, headers: { 'content-type': 'text/plain' }, body: '404 Not Found' };
}

/**
 * @param {string} site
 * @param {Asked} asked
 * @returns {Promise<Answer | undefined>}
 */
async function answer(site, asked) {
  const routes = new URL(`${site}/route.mjs`, HERE);
  if (fs.existsSync(routes)) {
    const { default: route } = await import(routes.href);
    const special = await /** @type {Route} */ (route)(asked);
    if (special !== null) {
      return special;
    }
  }
  const file = new URL(`${site}/${encodeURI(asked.path || 'index.html')}`, HERE);
  const type = TYPES[asked.path.split('.').pop() ?? ''] ?? TYPES.html;
  if (!file.href.startsWith(HERE.href) || !fs.statSync(file, { throwIfNoEntry: false })?.isFile()) {
    return { status: 404, headers: { 'content-type': 'text/plain' }, body: '404 Not Found' };
  }
  const bytes = fs.readFileSync(file);
  const isText = /^text|javascript|xml|json/.test(type);
  const { origin, other } = asked;
  const body = isText
    ? bytes.toString().replaceAll('{{other}}', other).replaceAll('{{origin}}', origin)
    : bytes;
  return { headers: { 'content-type': type }, body };
}

/**
 * @typedef {object} Sites
 * @property {string} origin
 * @property {string} other
 * @property {string[]} requests - paths that were asked for, of both
 * @property {() => Promise<void>} close - afterwards nothing answers any more
 */

/**
 * @param {number} [port] - 0: any that is free
 * @returns {Promise<Sites>}
 */
export async function startSites(port = 0) {
  const requests = /** @type {string[]} */ ([]);
  const origins = ['', ''];
  const servers = [0, 1].map((i) =>
    http.createServer(async (request, response) => {
      const url = new URL(String(request.url), origins[i]);
      const path = decodeURIComponent(url.pathname).slice(1);
      requests.push(url.pathname + url.search);
      const [site, ...rest] = path.split('/');
      const asked = { path: rest.join('/'), url, request, response };
      try {
        const found = /^[a-z][a-z-]*$/.test(site)
          ? await answer(site, { ...asked, origin: origins[0], other: origins[1] })
          : shared(path);
        const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
        if (found && range && found.body instanceof Uint8Array) {
          const last = Math.min(Number(range[2] || Infinity), found.body.length - 1);
          response.writeHead(206, {
            ...found.headers,
            'content-range': `bytes ${range[1]}-${last}/${found.body.length}`,
          });
          response.end(found.body.subarray(Number(range[1]), last + 1));
        } else if (found) {
          const headers = { 'cache-control': 'no-store', ...found.headers };
          response.writeHead(found.status ?? 200, headers);
          response.end(found.body ?? '');
        }
      } catch (error) {
        response.writeHead(500).end(String(error));
      }
    }),
  );
  for (const [i, server] of servers.entries()) {
    await new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(i === 0 ? port : 0, '127.0.0.1', () => resolve(undefined));
    });
    const { port: bound } = /** @type {import('node:net').AddressInfo} */ (server.address());
    // Two sites, not only two ports: cookies and processes go by host name.
    origins[i] = `http://${i === 0 ? 'localhost' : '127.0.0.1'}:${bound}`;
  }
  const [origin, other] = origins;
  return {
    origin,
    other,
    requests,
    async close() {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sites = await startSites(Number(process.argv[2] ?? 8081));
  const names = fs.readdirSync(HERE, { withFileTypes: true }).filter((each) => each.isDirectory());
  for (const { name } of names) {
    console.log(`${sites.origin}/${name}/`);
  }
}
