// Where links lead: redirects, refreshes, canonical links, tracking parameters; which of them are one
// page.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { encode } from './encode.mjs';
import { article, withStand } from './stand.mjs';

/** @param {number} status @param {string} location */
const to = (status, location) => ({ status, headers: { location } });

/** @param {string} href @param {string} title @param {string} [words] */
const canonical = (href, title, words) => ({
  body: article(title, words).replace('<h1>', `<link rel=canonical href="${href}"><h1>`),
});

test('a chain of redirects is followed and kept, with each status', () =>
  withStand(
    {
      '/1': to(301, '/2'),
      '/2': to(302, '/3?x=1'),
      '/3': to(307, '/4#part'),
      '/4': to(308, '/end'),
      '/end': { body: article('The end') },
    },
    async ({ origin, port, server }) => {
      const saved = await port.request('links.save', { url: `${origin}/1` });
      assert.equal(server.requests.length, 5);
      const { url, hops } = await port.request('snapshots.get', { snapshot: saved.snapshot });
      assert.equal(url.replace('#part', ''), `${origin}/end`);
      assert.deepEqual(hops, [
        { url: `${origin}/1`, how: '301' },
        { url: `${origin}/2`, how: '302' },
        { url: `${origin}/3?x=1`, how: '307' },
        { url: hops[3].url, how: '308' },
      ]);
      // Known by where it led and by what was asked for; saved either way it is one page.
      for (const path of ['/1', '/end']) {
        const found = await port.request('pages.find', { url: origin + path });
        assert.equal(found.page, saved.page, path);
      }
      const again = await port.request('links.save', { url: `${origin}/end`, again: true });
      assert.deepEqual([again.page, again.version], [saved.page, 2]);
      const second = await port.request('snapshots.get', { snapshot: again.snapshot });
      assert.deepEqual(second.hops, []);
    },
  ));

test('a refresh is followed, to another encoding too, and three times at most', () => {
  const refresh = (/** @type {string} */ url, seconds = 0) =>
    `<!DOCTYPE html><meta charset=utf-8><meta http-equiv=refresh content="${seconds};url=${url}"><p>正在跳转`;
  const gbk = encode(
    `<!DOCTYPE html><meta charset=gbk><title>光明图书馆</title><p>${'儿童友好的图书馆，欢迎光临。'.repeat(20)}`,
    'gbk',
  );
  return withStand(
    {
      '/moved': { body: refresh('/gbk') },
      '/gbk': { type: 'text/html', body: gbk },
      '/a': { body: refresh('/b', 3) },
      '/b': to(302, '/moved'),
      '/loop': { body: `${refresh('/loop2')} ${article('One')}` },
      '/loop2': { body: `${refresh('/loop')} ${article('Two')}` },
      '/later': { body: `${refresh('/gbk', 300)} ${article('For people who stay')}` },
    },
    async ({ origin, port, server }) => {
      const save = async (/** @type {string} */ path) => {
        const { snapshot } = await port.request('links.save', { url: origin + path, again: true });
        return port.request('snapshots.get', { snapshot });
      };
      const moved = await save('/moved');
      assert.deepEqual([moved.url, moved.title], [`${origin}/gbk`, '光明图书馆']);
      assert.deepEqual(moved.hops, [{ url: `${origin}/moved`, how: 'refresh' }]);
      const twice = await save('/a');
      assert.deepEqual(
        twice.hops.map((/** @type {any} */ { how }) => how),
        ['refresh', '302', 'refresh'],
      );
      assert.equal(twice.page, moved.page);
      assert.deepEqual((await save('/later')).hops, []);
      server.requests.length = 0;
      assert.equal((await save('/loop')).hops.length, 3);
      assert.equal(server.requests.filter(({ path }) => path.startsWith('/loop')).length, 4);
    },
  );
});

test('two spellings of one canonical page are one page with two versions', () =>
  withStand(
    {
      '/article.html': canonical('/article', 'Article', 'first'),
      '/article': canonical('/article', 'Article', 'second, with more to read in it than before'),
    },
    async ({ origin, port }) => {
      const first = await port.request('links.save', { url: `${origin}/article.html` });
      const second = await port.request('links.save', { url: `${origin}/article?from=mail` });
      assert.deepEqual([second.page, second.version], [first.page, 2]);
      assert.equal((await port.request('pages.get', { page: first.page })).versions, 2);
      for (const path of ['/article.html', '/article', '/article?utm_source=x#y']) {
        const found = await port.request('pages.find', { url: origin + path });
        assert.equal(found.page, first.page, path);
      }
    },
  ));

test('a canonical link to the root, to another path or to another site joins nothing', () =>
  withStand(
    {
      '/a': canonical('/', 'A', 'the first of two'),
      '/b': canonical('/', 'B', 'the second of two'),
      '/c': canonical('https://example.com/c', 'C'),
      '/d': canonical('/a', 'D', 'the fourth'),
      '/list': canonical('/list', 'List', 'page one'),
    },
    async ({ origin, port }) => {
      /** @type {number[]} */
      const pages = [];
      for (const path of ['/a', '/b', '/c', '/d', '/list', '/list?page=2']) {
        pages.push((await port.request('links.save', { url: origin + path })).page);
      }
      assert.equal(new Set(pages).size, 6);
      assert.equal((await port.request('pages.find', { url: `${origin}/` })).page, null);
      assert.equal((await port.request('pages.find', { url: 'https://example.com/c' })).page, null);
    },
  ));

test('what is gone and leads home is not the home page', () =>
  withStand({ '/gone': to(302, '/'), '/': { body: article('Home') } }, async ({ origin, port }) => {
    const gone = await port.request('links.save', { url: `${origin}/gone` });
    assert.equal((await port.request('pages.get', { page: gone.page })).url, `${origin}/gone`);
    assert.equal((await port.request('pages.find', { url: `${origin}/` })).page, null);
    const home = await port.request('links.save', { url: `${origin}/` });
    assert.notEqual(home.page, gone.page);
  }));

test('tracking parameters, fragments and dots in a path do not make another page', () =>
  withStand(
    {
      '/a': { body: article('A') },
      '/%E5%9B%BE': { body: article('图') },
    },
    async ({ origin, port }) => {
      const save = async (/** @type {string} */ path) =>
        (await port.request('links.save', { url: origin + path })).page;
      const first = await save('/a?id=1');
      for (const path of [
        '/a?id=1#top',
        '/a?utm_source=x&id=1&utm_medium=y',
        '/a?id=1&fbclid=z&gclid=q',
        '/./a?id=1',
        '/b/../a?id=1',
      ]) {
        assert.equal(await save(path), first, path);
      }
      assert.notEqual(await save('/a?id=2'), first);
      assert.notEqual(await save('/a'), first);
      assert.equal(await save('/图'), await save('/%E5%9B%BE'));
      const { versions } = await port.request('pages.get', { page: first });
      assert.equal(versions, 1);
    },
  ));

test('an AMP page is its article', () =>
  withStand(
    {
      '/story/amp': canonical('/story', 'Story', 'short'),
      '/story': canonical('/story', 'Story', 'whole, and therefore longer than the other one was'),
    },
    async ({ origin, port }) => {
      const amp = await port.request('links.save', { url: `${origin}/story/amp` });
      const whole = await port.request('links.save', { url: `${origin}/story` });
      assert.equal(whole.page, amp.page);
    },
  ));

test('an unchanged page gets no second version, a changed one does', () => {
  const page = (/** @type {string} */ words, noise = '') => ({
    body: `${article('A', words)}<script>var t=${Math.random()}</script><p hidden>${noise}`,
  });
  /** @type {import('./stand.mjs').Routes} */
  const routes = { '/a': page('one') };
  return withStand(routes, async ({ origin, port }) => {
    const save = async (more = {}) => {
      const { version, unchanged } = await port.request('links.save', {
        url: `${origin}/a`,
        ...more,
      });
      return [version, unchanged];
    };
    assert.deepEqual(await save(), [1, false]);
    routes['/a'] = page('one');
    assert.deepEqual(await save({ tags: ['新'], note: '再看' }), [1, true]);
    const { pages } = await port.request('pages.search');
    assert.deepEqual([pages[0].tags, pages[0].note, pages[0].versions], [['新'], '再看', 1]);
    assert.deepEqual(await save({ again: true }), [2, false]);
    routes['/a'] = page('two');
    assert.deepEqual(await save(), [3, false]);
    assert.deepEqual(await save(), [3, true]);
  });
});
