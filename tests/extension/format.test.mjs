import assert from 'node:assert/strict';
import { test } from 'node:test';

import { acceptLanguage } from '../../extension/lib/agent.js';
import {
  ago,
  bytes,
  fileName,
  holdsLinks,
  moment,
  shortUrl,
  since,
  site,
  typedUrl,
  until,
} from '../../extension/lib/format.js';

const NOW = new Date(2026, 10, 21, 15, 30).getTime();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test('sizes have two significant figures and a unit', () => {
  const cases = /** @type {const} */ ([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1500, '1.5 kB'],
    [9949, '9.9 kB'],
    [9950, '10 kB'],
    [999_499, '999 kB'],
    [999_500, '1 MB'],
    [1_843_021, '1.8 MB'],
    [268_435_456, '268 MB'],
    [5e9, '5 GB'],
    [7e15, '7,000 TB'],
    [-1, '0 B'],
  ]);
  for (const [size, text] of cases) {
    assert.equal(bytes(size, 'en').replace('\u00a0', ' '), text);
  }
});

test('a time is told as shortly as it can be told apart', () => {
  const tell = (/** @type {number} */ age) => ago(NOW - age, NOW, 'en', 'just now');
  assert.equal(tell(0), 'just now');
  assert.equal(tell(MINUTE - 1), 'just now');
  assert.equal(tell(-5000), 'just now');
  assert.match(tell(MINUTE), /^1 min/);
  assert.match(tell(HOUR - 1), /^59 min/);
  assert.match(tell(HOUR), /^1 hr/);
  assert.match(tell(15 * HOUR), /^15 hr/);
  assert.equal(tell(16 * HOUR), 'yesterday');
  assert.equal(tell(39 * HOUR), 'yesterday');
  assert.equal(tell(40 * HOUR), 'Nov 19');
  assert.equal(tell(400 * 24 * HOUR), 'Oct 17, 2025');
});

test('a time speaks the language of the words', () => {
  const tell = (/** @type {number} */ age) => ago(NOW - age, NOW, 'zh-CN', '刚刚');
  assert.equal(tell(0), '刚刚');
  assert.equal(tell(5 * MINUTE), '5分钟前');
  assert.equal(tell(30 * HOUR), '昨天');
  assert.equal(tell(400 * 24 * HOUR), '2025年10月17日');
  assert.match(moment(NOW, 'zh-CN'), /^2026年11月21日/);
});

test('what was stands after "since": the time today, else the day', () => {
  const tell = (/** @type {number} */ age) => since(NOW - age, NOW, 'en');
  assert.match(tell(HOUR), /^2:30\sPM$/);
  assert.match(tell(15 * HOUR), /^12:30\sAM$/);
  assert.equal(tell(16 * HOUR), 'Nov 20');
  assert.equal(tell(400 * 24 * HOUR), 'Oct 17, 2025');
});

test('what will be is told in seconds, then in minutes', () => {
  const tell = (/** @type {number} */ age) => until(NOW + age, NOW, 'en');
  assert.match(tell(-1), /^in 1 sec/);
  assert.match(tell(58_001), /^in 59 sec/);
  assert.match(tell(MINUTE), /^in 1 min/);
  assert.match(tell(HOUR), /^in 60 min/);
  assert.equal(until(NOW + 3 * MINUTE, NOW, 'zh-CN'), '3分钟后');
});

test('a URL is told apart by what others do not have', () => {
  assert.equal(shortUrl('https://www.example.com/'), 'example.com');
  assert.equal(shortUrl('HTTP://example.com/a/?b'), 'example.com/a/?b');
  assert.equal(shortUrl('https://wwwx.example/'), 'wwwx.example');
});

test('a text may hold links, unless it is one, or has nothing like it', () => {
  for (const text of [
    'https://a.example/ https://b.example/',
    'https://a.example/\nwww.b.example',
    '看看 https://a.example/x',
    '看看https://a.example/x',
    'https://a.example/x，https://b.example/',
    'see a.example/x',
    '[a](https://a.example/)',
    'javascript:alert(1) http://a.example/',
  ]) {
    assert.equal(holdsLinks(text), true, text);
  }
  for (const text of [
    '',
    ' https://a.example/x?y=1,2 ',
    'www.a.example/x',
    'a.example/x',
    'node.js and more',
    'tag:web 快照',
    'and/or this',
  ]) {
    assert.equal(holdsLinks(text), false, text);
  }
});

test('a site is the host without www', () => {
  assert.equal(site('https://www.example.com/a?b'), 'example.com');
  assert.equal(site('http://127.0.0.1:8080/x'), '127.0.0.1:8080');
  assert.equal(site('about:blank'), 'about:blank');
  assert.equal(site(''), '');
});

test('what reads as an address is one, and everything else is a search', () => {
  const cases = /** @type {const} */ ([
    ['https://example.com', 'https://example.com/'],
    [' HTTP://Example.com/A ', 'http://example.com/A'],
    ['www.example.com', 'https://www.example.com/'],
    ['example.com/', 'https://example.com/'],
    ['example.com/a/b?c#d', 'https://example.com/a/b?c#d'],
    ['sub.example.co.uk:8443/x', 'https://sub.example.co.uk:8443/x'],
    ['例子.中国/页面', 'https://xn--fsqu00a.xn--fiqs8s/%E9%A1%B5%E9%9D%A2'],
    ['example.com', null],
    ['node.js', null],
    ['https://', null],
    ['http://exa mple.com/', null],
    ['a/b', null],
    ['读书/小说', null],
    ['tag:a/b', null],
    ['site:example.com/x', null],
    ['javascript:alert(1)//', null],
    ['file:///etc/passwd', null],
    ['ftp://example.com/', null],
    ['1.5/2', null],
    ['', null],
  ]);
  for (const [text, url] of cases) {
    assert.equal(typedUrl(text), url, text);
  }
});

test('a title becomes a name that every system takes', () => {
  const cases = /** @type {const} */ ([
    ['链接快照', '链接快照.html'],
    ['a/b\\c:d*e?"f<g>h|i', 'a b c d e f g h i.html'],
    ['../../etc/passwd', 'etc passwd.html'],
    ['\u0000\u0007\n', 'snapshot.html'],
    ['...', 'snapshot.html'],
    ['', 'snapshot.html'],
    ['evil\u202elmth.exe', 'evil lmth.exe.html'],
    ['链'.repeat(300), `${'链'.repeat(66)}.html`],
    ['x'.repeat(300), `${'x'.repeat(80)}.html`],
    ['🎉'.repeat(100), `${'🎉'.repeat(50)}.html`],
    ['e\u0301', '\u00e9.html'],
    ['half\ud83d a character\u0085', 'half a character.html'],
    ['CON', 'CON_.html'],
    ['nul.txt', 'nul_.txt.html'],
    ['Com1 and more', 'Com1_ and more.html'],
    ['Console', 'Console.html'],
    [`${'🎉'.repeat(49)}👨\u200d👩`, `${'🎉'.repeat(49)}👨.html`],
  ]);
  for (const [title, name] of cases) {
    assert.equal(fileName(title), name);
    assert.ok(new TextEncoder().encode(name).length <= 220, name);
  }
});

test('languages are offered in the order in which they are wanted', () => {
  assert.equal(acceptLanguage(['zh-CN', 'zh', 'en']), 'zh-CN,zh;q=0.9,en;q=0.8');
  assert.equal(acceptLanguage(['en']), 'en');
  const many = acceptLanguage(Array.from({ length: 15 }, (_, i) => `x${i}`));
  assert.ok(many.endsWith('x9;q=0.1'));
});
