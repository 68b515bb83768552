// The guarded network, rule by rule: what the rule is, the server that breaks it, what came of it.
// What needs an internet with public addresses in it (redirects from there, names that change their
// meaning) stands in tests/unit/test_fetch_guard.c; certificates in test_fetch_tls.c; ceilings of a
// host in test_fetch_hosts.c.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { singleFile } from './documents.mjs';
import { answer, rawServer } from './lying.mjs';
import { Port, scratch } from './port.mjs';
import { rules, whole } from './rule-breakers.mjs';
import { png } from './server.mjs';
import { article, linksnap, withStand } from './stand.mjs';

/** A public address, which is never asked for anything: all that its pages load is elsewhere. */
const publicPage = 'http://8.8.8.8/article?id=1';

/** The assets of a page as markup, each with its way of being loaded. @param {string[]} urls */
const pictures = (urls) =>
  urls.map((url) => `<img alt="" src="${url.replaceAll('&', '&amp;')}"/>`).join('');

/** Hands in a page as a browser does that shows it. @param {Port} port @param {string} url @param {string} body */
async function saveTab(port, url, body) {
  const data = `<html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title><link rel="icon" href="data:,"/></head><body><p>${'Words of a page. '.repeat(30)}</p>${body}</body></html>`;
  const { capture } = await port.request('capture.begin', { url });
  const part = { capture, item: 0, seq: 0, kind: 'document', url, data, last: true };
  await port.request('capture.add', part);
  return port.request('capture.commit', { capture }, undefined, 90_000);
}

/** Listens at every loopback address there is, at one port. */
async function everywhere() {
  const act = (/** @type {import('node:net').Socket} */ socket) =>
    socket.write(answer('200 OK', 'content-type: image/png\r\n', png));
  const first = await rawServer(act);
  const others = await Promise.all(
    ['127.0.0.2', '::1'].map((address) => rawServer(act, address, first.port).catch(() => null)),
  );
  const all = [first, ...others].filter((server) => server !== null);
  return {
    port: first.port,
    get accepted() {
      return all.reduce((sum, { accepted }) => sum + accepted, 0);
    },
    close: () => all.forEach((server) => server.close()),
  };
}

/** This machine, by every name it has. @param {number} port */
const spellings = (port) =>
  [
    ['127.0.0.1', '127.0.0.2', '127.255.255.254', '127.1', '127.0.1', '2130706433', '0x7f000001'],
    ['0x7f.1', '0177.0.0.1', '017700000001', '127.0.0.1.', '0.0.0.0', '0', '%31%32%37.0.0.1'],
    ['１２７.0.0.1', '127。0。0。1', 'localhost', 'LOCALHOST', 'a.b.localhost'],
    ['[::1]', '[0:0:0:0:0:0:0:1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'],
    ['[::127.0.0.1]', '[64:ff9b::127.0.0.1]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]'],
    ['[::ffff:0:127.0.0.1]', '[fe80::1]', '[fec0::1]', '[fd00:ec2::254]', '[ff02::1]'],
    ['169.254.169.254', '10.0.0.1', '172.16.0.1', '192.168.1.1', '100.64.0.1', '198.18.0.1'],
    ['192.0.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
  ]
    .flat()
    .map((host) => `http://${host}:${port}/reboot?now`);

/** @param {(port: Port, server: Awaited<ReturnType<typeof everywhere>>, folder: string) => Promise<void>} act */
async function unallowed(act) {
  const server = await everywhere();
  try {
    await withStand({}, ({ port, folder }) => act(port, server, folder));
    assert.equal(server.accepted, 0, 'nobody came');
  } finally {
    server.close();
  }
}

/** @param {{ failures: { name: string }[] }} report */
const names = ({ failures }) => [...new Set(failures.map(({ name }) => name))];

test('a public page in a tab loads nothing from this machine, nor does a retry', () =>
  unallowed(async (port, server) => {
    const urls = spellings(server.port);
    const saved = await saveTab(port, publicPage, pictures(urls));
    const different = new Set(urls.map((url) => new URL(url).href)).size;
    assert.deepEqual([saved.assets.total, saved.assets.failed], [different, different]);
    assert.deepEqual(names(saved), ['private']);
    assert.deepEqual(saved.wanted ?? [], [], 'nor is the tab asked for it');
    for (const more of [{}, { private: false }, { private: true }]) {
      const again = await port.request('snapshots.retry', { snapshot: saved.snapshot, ...more });
      assert.deepEqual(names(again), ['private'], JSON.stringify(more));
    }
  }));

test('whatever way it is loaded in', () =>
  unallowed(async (port, server) => {
    const at = `http://127.0.0.1:${server.port}`;
    const saved = await saveTab(
      port,
      publicPage,
      `<link rel="stylesheet" href="${at}/a.css"/><link rel="icon" href="${at}/favicon.ico"/>` +
        `<style>@import url(${at}/b.css);@font-face{font-family:x;src:url(${at}/f.woff2)}p{font-family:x;background:url(${at}/b.png)}</style>` +
        `<img srcset="${at}/s.png 2x" alt=""/><picture><source srcset="${at}/t.webp"/><img src="${at}/u.png" alt=""/></picture>` +
        `<video poster="${at}/p.png" src="${at}/v.mp4"></video><audio src="${at}/a.mp3"></audio>` +
        `<svg xmlns="http://www.w3.org/2000/svg"><use href="${at}/s.svg#a"/><image href="${at}/i.png"/></svg>` +
        `<iframe src="${at}/frame"></iframe><object data="${at}/o"></object><embed src="${at}/e"/>`,
    );
    assert.ok(saved.assets.failed >= 8, JSON.stringify(saved.assets));
    assert.ok(
      names(saved).every((name) => name === 'private' || name === 'url'),
      JSON.stringify(saved.failures),
    );
  }));

test('a page in a tab has the browser fetch nothing from the private network', () =>
  unallowed(async (port) => {
    const there = ['http://printer.local/a.png', 'http://nas/b.png', 'http://192.168.1.1/c.png'];
    const here = 'http://pictures.invalid/d.png';
    const saved = await saveTab(port, publicPage, pictures([...there, here]));
    assert.deepEqual(
      saved.wanted.map((/** @type {{ url: string }} */ { url }) => url),
      [here],
    );
  }));

test('a public style sheet chooses nothing in the private network, whatever page it is of', () =>
  withStand({}, async ({ port, origin, server }) => {
    const sheet = 'http://8.8.8.8/cdn.css';
    const url = `${origin}/page`;
    const data = `<html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title><link rel="icon" href="data:,"/><link rel="stylesheet" href="${sheet}"/></head><body class="x"><p>${'Words of a page. '.repeat(30)}</p></body></html>`;
    const css = `.x { background: url(${origin}/cgi/reboot) }`;
    const { capture } = await port.request('capture.begin', { url });
    const part = { capture, seq: 0, last: true };
    await port.request('capture.add', { ...part, item: 0, kind: 'document', url, data });
    const resource = { kind: 'resource', url: sheet, media_type: 'text/css' };
    const bytes = Buffer.from(css).toString('base64');
    await port.request('capture.add', { ...part, item: 1, ...resource, data: bytes });
    const saved = await port.request('capture.commit', { capture }, undefined, 90_000);
    assert.deepEqual(names(saved), ['private']);
    assert.deepEqual(server.requests, []);
  }));

test('a file may say anything of itself, also when it is retried or checked', () =>
  unallowed(async (port, server, folder) => {
    const file = join(folder, 'single.html');
    const at = `http://127.0.0.1:${server.port}`;
    writeFileSync(file, `${singleFile(`${at}/page`)}<img src="${at}/a.png"><img src="/b.png">`);
    const { json, err } = await linksnap(folder, ['--json', 'save', '--file', file]);
    assert.equal(json.length, 1, err);
    assert.deepEqual(names(json[0]), ['private']);
    const again = await port.request('snapshots.retry', { snapshot: json[0].snapshot });
    assert.deepEqual(names(again), ['private']);
    const check = await linksnap(folder, ['check', '1']);
    assert.match(check.text + check.err, /private/);
  }));

test('a link that nobody typed leads to no private network, now or later', () =>
  unallowed(async (port, server) => {
    const urls = spellings(server.port);
    for (const url of urls) {
      const saving = port.request('links.save', { url, private: false });
      await assert.rejects(saving, { fault: 'private' }, url);
    }
    const added = await port.request('queue.add', { urls, private: false });
    assert.deepEqual(added.jobs, []);
    assert.deepEqual(
      added.refused.map((/** @type {any} */ { url, name }) => [url, name]),
      urls.map((url) => [url, 'private']),
    );
  }));

test('a link that a person gives leads there, and its page may load from there', async () => {
  const other = await rawServer(
    (socket) => socket.write(answer('200 OK', 'content-type: image/png\r\n', png)),
    '127.0.0.2',
  );
  const body = article('Wiki') + pictures([`${other.origin}/a.png`]);
  try {
    await withStand({ '/wiki': { body } }, async ({ origin, port, folder }) => {
      const url = `${origin}/wiki`;
      const saved = await port.request('links.save', { url });
      assert.deepEqual([saved.assets.total, saved.assets.failed], [1, 0]);
      const tab = await saveTab(port, `${origin}/tab`, pictures([`${other.origin}/b.png`]));
      assert.deepEqual([tab.assets.total, tab.assets.failed], [1, 0]);
      const { status, err } = await linksnap(folder, ['save', '--private', '--again', url]);
      assert.equal(status, 0, err);
      assert.equal((await linksnap(folder, ['save', '--private', '--later', url])).status, 2);
      await assert.rejects(port.request('links.save', { url, private: 1 }), { fault: 'params' });
    });
  } finally {
    other.close();
  }
});

test('each rule, and a server that breaks it', async (t) => {
  const servers = await Promise.all(rules.map(([, act]) => rawServer(act)));
  const body = article('All of them') + pictures(servers.map(({ origin }) => `${origin}/a.png`));
  const { folder, remove } = scratch();
  // What a person's own curl would send along.
  writeFileSync(join(folder, '.netrc'), 'machine 127.0.0.1 login me password secret\n', {
    mode: 0o600,
  });
  const proxy = await rawServer(whole(answer('200 OK')));
  const page = await rawServer((socket) =>
    socket.write(answer('200 OK', 'content-type: text/html\r\nset-cookie: id=1; path=/\r\n', body)),
  );
  const vars = Object.fromEntries(
    ['http_proxy', 'https_proxy', 'all_proxy', 'ALL_PROXY'].map((name) => [name, proxy.origin]),
  );
  const port = new Port(folder, vars);
  try {
    await port.hello();
    const started = Date.now();
    const url = `${page.origin}/page?token=1#here`;
    const saved = await port.request('links.save', { url }, undefined, 90_000);
    t.diagnostic(`${rules.length} servers in ${Date.now() - started} ms`);
    assert.ok(Date.now() - started < 100_000);
    const ends = new Map(saved.failures.map((/** @type {any} */ each) => [each.url, each]));
    const table = rules.map(([rule, , expected], i) => {
      const end = ends.get(`${servers[i].origin}/a.png`);
      t.diagnostic(`${rule} -> ${end?.name ?? 'stored'}: ${end?.reason ?? ''}`);
      return expected.includes(end?.name) && end.reason.length > 5
        ? ''
        : `${rule}: ${JSON.stringify(end)}`;
    });
    assert.deepEqual(table.filter(Boolean), []);
    // Nothing that is anybody's own went anywhere.
    assert.equal(proxy.accepted, 0);
    for (const head of servers.flatMap(({ heads }) => heads)) {
      assert.match(head, /^GET \//);
      assert.doesNotMatch(
        head,
        /^(?:cookie|authorization|proxy-authorization):|token=1|#here|secret/im,
      );
    }
    // The fragment is not sent; the icon stands in the page.
    assert.deepEqual(
      [page.heads.length, page.heads[0].split('\r\n')[0]],
      [1, 'GET /page?token=1 HTTP/1.1'],
    );
    // A circle is asked once, and for each redirect.
    const circle = servers[rules.findIndex(([rule]) => rule === 'redirects in a circle')];
    assert.equal(circle.heads.length, 11);
    assert.equal(await port.close(), 0, port.log);
  } finally {
    port.child.kill('SIGKILL');
    await port.ended;
    [proxy, page, ...servers].forEach((server) => server.close());
    remove();
  }
});

test('what one answer says changes nothing for the next: cookies, Alt-Svc, HSTS', async () => {
  const trap = await rawServer(whole(answer('200 OK')));
  const setting =
    'set-cookie: id=1; domain=127.0.0.1; path=/\r\nset-cookie: __Host-a=b\r\n' +
    `alt-svc: h2="127.0.0.1:${trap.port}", h3=":${trap.port}"\r\n` +
    'strict-transport-security: max-age=31536000; includeSubDomains\r\n' +
    'www-authenticate: Basic realm="x"\r\nclear-site-data: "*"\r\n';
  const routes = Object.fromEntries(
    setting
      .trim()
      .split('\r\n')
      .map((line, i) => [
        `/${i}.png`,
        {
          type: 'image/png',
          body: png,
          headers: Object.fromEntries([line.split(/: (.*)/s).slice(0, 2)]),
        },
      ]),
  );
  const paths = Object.keys(routes);
  const body = article('Sets much') + pictures([...paths, '/last.png']);
  try {
    await withStand(
      {
        ...routes,
        '/': { body, headers: { 'set-cookie': 'a=b' } },
        '/last.png': { type: 'image/png', body: png },
      },
      async ({ origin, port, server }) => {
        for (const again of [false, true]) {
          const saved = await port.request('links.save', { url: `${origin}/`, again });
          assert.deepEqual([saved.assets.total, saved.assets.failed], [paths.length + 1, 0]);
        }
        assert.ok(server.requests.length >= 2 * paths.length);
        assert.ok(
          server.requests.every(({ headers }) => !headers.cookie && !headers.authorization),
        );
        assert.equal(trap.accepted, 0);
      },
    );
  } finally {
    trap.close();
  }
});
