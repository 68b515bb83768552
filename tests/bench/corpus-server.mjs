/**
 * Serves the corpus on two origins of the loopback interface: `/npm/NAME/…` and `/deb/NAME/…` out of
 * the packages, `/pages/…` out of the folder `pages` beside this file.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { listen } from '../browser/pages.mjs';

const PAGES = fileURLToPath(new URL('pages', import.meta.url));

/** @type {Record<string, string>} */
const TYPES = {
  css: 'text/css',
  eot: 'application/vnd.ms-fontobject',
  gif: 'image/gif',
  htm: 'text/html',
  html: 'text/html',
  ico: 'image/x-icon',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'text/javascript',
  json: 'application/json',
  map: 'application/json',
  md: 'text/markdown; charset=utf-8',
  mjs: 'text/javascript',
  mp4: 'video/mp4',
  otf: 'font/otf',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  ttf: 'font/ttf',
  wasm: 'application/wasm',
  webp: 'image/webp',
  woff: 'font/woff',
  woff2: 'font/woff2',
  xhtml: 'application/xhtml+xml',
  yaml: 'text/yaml; charset=utf-8',
};

/**
 * @typedef {object} Twist - what is done to one file on its way out
 * @property {string} [type] - its content type
 * @property {string} [charset] - it is written in this one, and says so where it said UTF-8
 * @property {[RegExp, string][]} [replace]
 */

export class CorpusServer {
  /** Packages by the first parts of their paths. @type {Map<string, string>} */
  #folders = new Map();
  /** @type {Map<string, Twist>} */
  #twists = new Map();
  /** @type {http.Server[]} */
  #servers = [];
  origin = '';
  /** Of another site, not only of another port. */
  other = '';

  static async start() {
    const self = new CorpusServer();
    const answer = (/** @type {http.IncomingMessage} */ request, /** @type {any} */ response) => {
      self.#answer(request, response).catch(() => response.destroy());
    };
    self.#servers = [http.createServer(answer), http.createServer(answer)];
    const [port, otherPort] = await Promise.all(self.#servers.map(listen));
    self.origin = `http://127.0.0.1:${port}`;
    self.other = `http://localhost:${otherPort}`;
    return self;
  }

  /**
   * @param {string} spec
   * @param {string} folder
   */
  add(spec, folder) {
    const name = spec.replace(/^(npm|deb):/, '$1/').replace(/(?<=.)[@=][^@=]*$/, '');
    this.#folders.set(`/${name}/`, folder);
  }

  /** @param {Record<string, Twist>} twists - by path */
  twist(twists) {
    for (const [name, twist] of Object.entries(twists)) {
      this.#twists.set(name, twist);
    }
  }

  /**
   * @param {http.IncomingMessage} request
   * @param {http.ServerResponse} response
   */
  async #answer(request, response) {
    const { pathname } = new URL(String(request.url), 'http://localhost');
    const name = decodeURIComponent(pathname);
    const file = this.#fileOf(name);
    const found = file && (await readAny(file));
    if (!found) {
      response.writeHead(404, { 'content-type': 'text/plain' });
      response.end();
      return;
    }
    const twist = this.#twists.get(name) ?? {};
    const ending = path.extname(name).slice(1).toLowerCase();
    const body = await this.#twisted(name, found, twist);
    response.writeHead(200, {
      'content-type': twist.type ?? TYPES[ending] ?? 'application/octet-stream',
      'cache-control': 'max-age=3600',
      'access-control-allow-origin': '*',
    });
    response.end(body);
  }

  /** @param {string} name */
  #fileOf(name) {
    if (name.split('/').includes('..')) {
      return null;
    }
    if (name.startsWith('/pages/')) {
      return path.join(PAGES, name.slice('/pages/'.length));
    }
    for (const [start, folder] of this.#folders) {
      if (name.startsWith(start)) {
        return path.join(folder, name.slice(start.length));
      }
    }
    return null;
  }

  /**
   * @param {string} name
   * @param {Buffer} body
   * @param {Twist} twist
   */
  async #twisted(name, body, { charset, replace = [] }) {
    const isOurs = name.startsWith('/pages/') && /\.x?html$/.test(name);
    if (!isOurs && !charset && replace.length === 0) {
      return body;
    }
    let text = body.toString('utf8');
    if (isOurs) {
      text = text.replaceAll('http://other.example', this.other);
    }
    for (const [from, to] of replace) {
      text = text.replace(from, to);
    }
    return charset ? encode(text.replace(/utf-8/gi, charset), charset) : Buffer.from(text);
  }

  async close() {
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
  }
}

/**
 * Debian packs the larger ones of its documents.
 *
 * @param {string} file
 */
async function readAny(file) {
  return fs.readFile(file).catch(() =>
    fs.readFile(`${file}.gz`).then(
      (bytes) => gunzipSync(bytes),
      () => null,
    ),
  );
}

/**
 * @param {string} text
 * @param {string} charset
 * @returns {Promise<Buffer>}
 */
async function encode(text, charset) {
  const child = spawn('iconv', ['-c', '-f', 'UTF-8', '-t', charset], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.end(text);
  return buffer(child.stdout);
}
