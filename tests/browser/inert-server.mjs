/**
 * Everything that a browser under test can reach: the server of the pages and, as its proxy for every
 * host, the tripwire that writes down whatever else is asked for.
 */
import http from 'node:http';
import { evilOf, idIn } from './inert-corpus.mjs';
import { listen } from './pages.mjs';

/** What browsers ask for of their own accord. */
const OWN = /(^|\.)(google|googleapis|gstatic|gvt1|mozilla|firefox|mozaws)\.(com|net|org)$/;

/** What a hostile host answers, by the end of the path. Pictures are broken. */
const LOOT = [
  { name: /\.svg$/, type: 'image/svg+xml', body: svg },
  { name: /\.css$/, type: 'text/css', body: css },
  { name: /\.js$/, type: 'text/javascript', body: script },
  { name: /\/(\d{4}|[^/]*\.x?html?|)$/, type: 'text/html', body: html },
];

/**
 * @param {number} id
 * @param {string} evil
 */
function svg(id, evil) {
  return `<svg xmlns="http://www.w3.org/2000/svg" id="a" onload="alert(${id})"><script>alert(${id})</script>
    <image href="http://${evil}/in-svg"/><a id="x" href="javascript:alert(${id})"><text y="9">x</text></a></svg>`;
}

/**
 * @param {number} _id
 * @param {string} evil
 */
function css(_id, evil) {
  return `@import "http://${evil}/in-css"; body { background: url(http://${evil}/in-css-2) }`;
}

/** @param {number} id */
function script(id) {
  return `alert(${id})`;
}

/**
 * @param {number} id
 * @param {string} evil
 */
function html(id, evil) {
  return `<title>${id}</title><script>alert(${id})</script><img src="http://${evil}/in-page" onerror="alert(${id})">`;
}

export class InertServer {
  /** What was asked for that nobody had been told to open. @type {string[]} */
  #hits = [];
  /** @type {Set<string>} */
  #opened = new Set();
  #server = http.createServer((request, response) => this.#answer(request, response));

  port = 0;

  /**
   * @param {Map<string, { type: string, body: string }>} pages - by path
   * @param {string} address - of the site that they are on; empty: this server's own
   */
  constructor(pages, address) {
    this.pages = pages;
    this.address = address;
  }

  /**
   * @param {Map<string, { type: string, body: string }>} pages
   * @param {string} [address]
   */
  static async start(pages, address = '') {
    const self = new InertServer(pages, address);
    self.#server.on('connect', (request, socket) => {
      self.#note(`CONNECT ${request.url}`, String(request.url).replace(/:\d+$/, ''));
      socket.on('error', () => {});
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    self.#server.on('upgrade', (request, socket) => {
      self.#note(`UPGRADE ${request.url}`, String(request.headers.host));
      socket.destroy();
    });
    self.#server.on('clientError', (error, socket) => {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code !== 'ECONNRESET' && code !== 'ERR_HTTP_REQUEST_TIMEOUT') {
        self.#note(`no HTTP: ${error.message}`, '');
      }
      socket.destroy();
    });
    self.port = await listen(self.#server);
    self.address ||= `127.0.0.1:${self.port}`;
    return self;
  }

  /**
   * @param {string} what
   * @param {string} host
   */
  #note(what, host) {
    if (!OWN.test(host)) {
      this.#hits.push(what);
    }
  }

  /**
   * @param {http.IncomingMessage} request
   * @param {http.ServerResponse} response
   */
  #answer(request, response) {
    const url = new URL(String(request.url), `http://${this.address}`);
    const page = url.host === this.address ? this.pages.get(url.pathname) : undefined;
    if (page && !this.#opened.has(url.href) && request.method === 'GET') {
      this.#opened.add(url.href);
      response.writeHead(200, { 'content-type': `${page.type}; charset=utf-8` });
      response.end(page.body);
      return;
    }
    if (url.pathname !== '/favicon.ico') {
      this.#note(`${request.method} ${url.href}`, url.hostname);
    }
    const loot = page ? undefined : LOOT.find(({ name }) => name.test(url.pathname));
    response.writeHead(loot ? 200 : 404, {
      'content-type': loot?.type ?? 'text/plain',
      'access-control-allow-origin': '*',
    });
    const id = idIn(url.pathname);
    response.end(loot?.body(id, evilOf(id, this.address)) ?? '');
  }

  /** What was asked for since the last call; pages can be opened once more. */
  take() {
    this.#opened.clear();
    return this.#hits.splice(0);
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
