/**
 * What a server gives only to a person who has logged in: the host is refused, the browser fetches it
 * in the page's own session, and the cookie stays in the browser.
 */
import assert from 'node:assert/strict';
import { accessSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Port } from '../host/port.mjs';
import { png } from '../host/server.mjs';
import { BROWSERS, startBrowser } from './browsers.mjs';
import { listen } from './pages.mjs';
import { Popup } from './popup.mjs';
import { ROOT } from './profile.mjs';

const HOST = path.join(ROOT, 'build/plain/linksnap-host');
const COOKIE = 'session=geheim';

const page = (/** @type {string} */ other) => `<!DOCTYPE html><html lang="en"><meta charset="utf-8">
<title>Behind the login</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/private/style.css"><h1>Behind the login</h1>
<img id="a" src="/private/a.png"><img id="b" src="/private/b.png?x=1#y">
<img id="linked" src="${other}/linked.png">
<img id="unlinked" src="${other}/unlinked.png" referrerpolicy="no-referrer">
<img id="bare" src="${other}/bare.png">
<img id="gone" src="/gone.png">`;

/** @type {Record<string, [string, Buffer | string]>} */
const PRIVATE = {
  '/private/style.css': [
    'text/css',
    '@import "more.css"; h1 { background: url(c.png) } ' +
      '@font-face { font-family: f; src: url(font.woff2) } h1 { font-family: f }',
  ],
  '/private/more.css': ['text/css', 'p { color: red; background: url(d.png) }'],
  '/private/font.woff2': ['font/woff2', Buffer.concat([Buffer.from('wOF2'), Buffer.alloc(100)])],
  ...Object.fromEntries(
    ['a', 'b', 'c', 'd'].map((name) => [`/private/${name}.png`, ['image/png', png]]),
  ),
};

/** The site, another that its pictures come from, and what both were asked for. */
async function startSites() {
  /** @type {{ path: string, headers: http.IncomingHttpHeaders }[]} */
  const requests = [];
  let origin = '';
  let other = '';
  let isBack = false;
  /** @type {http.RequestListener} */
  const answer = (request, response) => {
    const { pathname } = new URL(String(request.url), 'http://localhost');
    const { referer, cookie = '' } = request.headers;
    requests.push({ path: pathname, headers: request.headers });
    /** @param {number} status @param {string} [type] @param {string | Buffer} [body] */
    const say = (status, type = 'text/plain', body = 'no') => {
      response.writeHead(status, { 'content-type': type });
      response.end(body);
    };
    /** @param {boolean} isAllowed */
    const picture = (isAllowed) => (isAllowed ? say(200, 'image/png', png) : say(403));
    if (pathname === '/login') {
      response.writeHead(302, { 'set-cookie': `${COOKIE}; HttpOnly; Path=/`, location: '/' });
      response.end();
    } else if (pathname === '/') {
      say(200, 'text/html', page(other));
    } else if (pathname in PRIVATE) {
      const [type, body] = PRIVATE[pathname];
      // A login page is no picture, whatever its status.
      const isOpen = cookie.includes(COOKIE);
      const isAsked = pathname.endsWith('b.png');
      say(isOpen || isAsked ? 200 : 403, isOpen ? type : 'text/html', isOpen ? body : '<p>Log in');
    } else if (pathname === '/linked.png') {
      picture(referer === `${origin}/`);
    } else if (pathname === '/unlinked.png' || pathname === '/bare.png') {
      picture(referer === undefined || referer.startsWith(other));
    } else if (pathname === '/gone.png' && isBack && cookie.includes(COOKIE)) {
      say(200, 'image/png', png);
    } else {
      say(404);
    }
  };
  const servers = [http.createServer(answer), http.createServer(answer)];
  const [port, otherPort] = await Promise.all(servers.map(listen));
  origin = `http://localhost:${port}`;
  other = `http://127.0.0.1:${otherPort}`;
  const close = () =>
    servers.forEach((server) => {
      server.closeAllConnections();
      server.close();
    });
  /** The missing picture is there again, for those who have logged in. */
  const bringBack = () => {
    isBack = true;
  };
  return { origin, requests, bringBack, close };
}

for (const name of BROWSERS) {
  describe(`a page behind a login in ${name}`, { timeout: 120_000 }, () => {
    /** @type {import('./browsers.mjs').Browser} */
    let browser;
    /** @type {Awaited<ReturnType<typeof startSites>>} */
    let sites;
    before(async () => {
      accessSync(HOST);
      sites = await startSites();
      browser = await startBrowser(name, { host: HOST });
    });
    after(async () => {
      await browser?.stop();
      sites?.close();
    });

    it('is kept whole, and its cookie never leaves the browser', async () => {
      const tab = await browser.open(`${sites.origin}/login`);
      const popup = await Popup.open(browser, tab);
      const outcome = await popup.save();
      assert.match(outcome, /1 file is missing/);

      const host = new Port('/tmp', { LINKSNAP_DB: browser.store });
      await host.hello();
      const snapshot = await host.request('snapshots.get', { snapshot: 1 });
      assert.deepEqual(
        snapshot.failures.map((/** @type {any} */ { url, status }) => [url, status]),
        [[`${sites.origin}/gone.png`, 404]],
      );
      const counts = Object.fromEntries(
        snapshot.kinds.map((/** @type {any} */ { kind, kept }) => [kind, kept]),
      );
      assert.deepEqual(counts, { font: 1, image: 7, style: 2 });
      await host.close();

      const byHost = sites.requests.filter(({ headers }) => !headers['sec-fetch-mode']);
      assert.ok(byHost.some((each) => each.path === '/private/font.woff2'));
      assert.ok(byHost.every(({ headers }) => headers.cookie === undefined));
      assert.ok(
        sites.requests.some(
          ({ path: asked, headers }) => asked === '/private/d.png' && headers.cookie === COOKIE,
        ),
      );

      // What is missing is tried again in the tab that shows the page.
      sites.bringBack();
      await popup.page.click(
        '#page-card .card-outcome .more-actions > button:last-child:last-child',
      );
      await popup.page.waitFor(
        () => document.querySelector('#page-card .card-outcome .strip.good')?.textContent,
      );
      await popup.close();
    });
  });
}
