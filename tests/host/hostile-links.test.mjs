// Addresses that are none, or that mean another than they seem to: each is refused by name, or does
// what a browser would do.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { article, jobs, linksnap, withStand } from './stand.mjs';

const long = `http://127.0.0.1:9/${'a'.repeat(64 * 1024)}`;

/** Each with the error that it is refused with. @type {[url: string, name: string][]} */
const refused = [
  ['javascript:alert(document.cookie)', 'url'],
  ['JaVaScRiPt:alert(1)', 'url'],
  ['java\nscript:alert(1)', 'url'],
  ['data:text/html,<script>alert(1)</script>', 'url'],
  ['file:///etc/passwd', 'url'],
  ['file://localhost/etc/passwd', 'url'],
  ['chrome://settings', 'url'],
  ['chrome-extension://abc/popup.html', 'url'],
  ['moz-extension://abc/popup.html', 'url'],
  ['about:config', 'url'],
  ['view-source:http://127.0.0.1/', 'url'],
  ['blob:http://127.0.0.1/1', 'url'],
  ['ftp://127.0.0.1/x', 'url'],
  ['gopher://127.0.0.1/x', 'url'],
  ['mailto:a@example.com', 'url'],
  ['http://user:secret@127.0.0.1/', 'url'],
  ['http://user@127.0.0.1/', 'url'],
  ['http://127.0.0.1@evil.example/', 'url'],
  ['http://', 'url'],
  ['http:///', 'url'],
  ['http://127.0.0.1:99999/', 'url'],
  ['http://127.0.0.1:x/', 'url'],
  ['http://[::1/', 'url'],
  ['http://1.2.3.4.5/', 'url'],
  ['http://999.1.1.1/', 'url'],
  ['http://a b/', 'url'],
  ['http://exa<mple.com/', 'url'],
  ['', 'url'],
  [long, 'limit'],
];

test('what is no address of a page is refused by itself, and the good ones are done', () =>
  withStand({ '/good': { body: article('Good') } }, async ({ origin, port, server }) => {
    const good = Array.from({ length: 5 }, (_, i) => `${origin}/good?${i}`);
    const urls = refused.flatMap(([url], i) => [url, ...(i < 5 ? [good[i]] : [])]);
    const added = await port.request('queue.add', { urls });
    assert.deepEqual(
      added.jobs.map((/** @type {any} */ { url }) => url),
      good,
    );
    assert.deepEqual(
      added.refused.map((/** @type {any} */ { url, name }) => [url.slice(0, 200), name]),
      refused.map(([url, name]) => [url.slice(0, 200), name]),
    );
    assert.ok(added.refused.every((/** @type {any} */ { message }) => message.length > 10));
    assert.equal((await port.request('queue.run')).done, 5);
    assert.equal(server.requests.length, 5);
  }));

test('each of them is refused when it is saved now, and by the command line', () =>
  withStand({}, async ({ folder, port }) => {
    for (const [url, name] of refused) {
      await assert.rejects(
        port.request('links.save', { url }),
        { fault: url === long ? 'limit' : name },
        url.slice(0, 100),
      );
    }
    const { status, err } = await linksnap(folder, ['save', 'file:///etc/passwd']);
    assert.equal(status, 1);
    assert.match(err, /^linksnap: file:\/\/\/etc\/passwd: .{10,}\n$/);
    assert.deepEqual(await jobs(port), {});
  }));

test('other spellings of an address lead where a browser would go', () =>
  withStand({ '/a': { body: article('A') } }, async ({ origin, port, server }) => {
    const { port: number } = new URL(origin);
    const first = await port.request('links.save', { url: `${origin}/a` });
    for (const url of [
      `http://0x7f.1:${number}/a`,
      `http://2130706433:${number}/a`,
      `http://0177.0.0.1:${number}/a`,
      `http://127.1:${number}/a`,
      `HTTP://127.0.0.1:${number}/a`,
      `http:\\\\127.0.0.1:${number}\\a`,
      `  http://127.0.0.1:${number}/a  `,
      `http：//127。0。0。1:${number}/a`,
      `127.0.0.1:${number}/a`,
    ]) {
      const saved = await port.request('links.save', { url });
      assert.deepEqual([saved.page, saved.unchanged], [first.page, true], url);
    }
    assert.ok(server.requests.every(({ headers }) => headers.host === `127.0.0.1:${number}`));
  }));

test('a name and an address of this machine are allowed when a person asks for them', () =>
  withStand({ '/a': { body: article('A') } }, async ({ origin, port }) => {
    const { port: number } = new URL(origin);
    const saved = await port.request('links.save', { url: `http://localhost:${number}/a` });
    assert.equal(saved.version, 1);
    const { pages } = await port.request('pages.search');
    assert.equal(pages[0].site, `localhost:${number}`);
    // Nobody listens there; it is asked all the same.
    await assert.rejects(port.request('links.save', { url: `http://[::1]:${number}/a` }), {
      fault: 'connect',
    });
  }));

test('internationalized names are kept in one spelling', () =>
  withStand({}, async ({ port }) => {
    await port.request('queue.pause', { paused: true });
    const add = async (/** @type {string} */ url) => {
      const answer = await port.request('queue.add', { urls: [url] });
      assert.deepEqual(answer.refused, [], url);
      return answer.jobs[0].job;
    };
    const job = await add('http://图书馆.example:8080/目录?q=书');
    assert.equal(
      await add('http://xn--1jq52s681d.example:8080/%E7%9B%AE%E5%BD%95?q=%E4%B9%A6'),
      job,
    );
    assert.equal(await add('http://图书馆．example:8080/目录?q=书#x'), job);
    assert.notEqual(await add('http://图书馆.example/目录?q=书'), job);
    const all = Object.keys(await jobs(port));
    assert.equal(all.length, 2);
    assert.ok(all[0].startsWith('http://xn--'), all[0]);
  }));

test('addresses at and past the ceiling', () =>
  withStand({ '/': { body: article('Long') } }, async ({ origin, port }) => {
    const room = 16 * 1024 - origin.length - 2;
    const longest = `${origin}/?${'x'.repeat(room)}`;
    const saved = await port.request('links.save', { url: longest });
    assert.equal(saved.version, 1);
    const past = `${longest}x`;
    await assert.rejects(port.request('links.save', { url: past }), { fault: 'limit' });
    const added = await port.request('queue.add', { urls: [past] });
    assert.deepEqual([added.jobs, added.refused[0].name], [[], 'limit']);
    const grows = `${origin}/?${'书'.repeat(5000)}`;
    await assert.rejects(port.request('links.save', { url: grows }), { fault: 'limit' });
  }));

test('more links than the ceiling are refused whole', () =>
  withStand({}, async ({ port }) => {
    const urls = Array.from({ length: 2001 }, (_, i) => `http://127.0.0.1:9/${i}`);
    await assert.rejects(port.request('queue.add', { urls }), { fault: 'limit' });
    assert.deepEqual(await jobs(port), {});
    await port.request('queue.pause', { paused: true });
    const { jobs: added } = await port.request('queue.add', { urls: urls.slice(1) });
    assert.equal(added.length, 2000);
    const found = await port.request('links.find', { text: urls.join('\n') });
    assert.deepEqual([found.links.length, found.more], [2000, true]);
  }));
