/** `ls` in the address bar. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { withClock } from './clock.mjs';
import { chrome, forgetAll, setPort } from './fakebrowser.mjs';
import { FakePort } from './fakehost.mjs';
import { events, openTab, resetTabs } from './faketabs.mjs';

const { addressIn } = await import('../../extension/lib/address.js');
const { startOmnibox } = await import('../../extension/background/omnibox.js');

/** @type {FakePort[]} */
let ports = [];
/** @type {any[]} */
let saves = [];

startOmnibox((job) => saves.push(job));

const HIT = {
  snapshot: 23,
  title: 'A & B',
  title_spans: ['', 'A', ' & B'],
  site: 'a.example',
  url: 'https://a.example/',
};

/** @param {(params: any) => any} [search] */
function host(search = () => ({ pages: [HIT] })) {
  setPort(() => {
    const port = new FakePort({ 'pages.search': search });
    ports.push(port);
    return port;
  });
}

/**
 * @param {string} text
 * @param {any[]} [shown] - what is suggested is added to it
 */
function type(text, shown = []) {
  chrome.omnibox.onInputChanged.fire(text, (/** @type {any[]} */ all) => shown.push(all));
  return shown;
}

/**
 * @param {string} text
 * @param {string} [disposition]
 */
async function enter(text, disposition = 'currentTab') {
  await Promise.all(chrome.omnibox.onInputEntered.fire(text, disposition));
}

/**
 * In the end the host is closed: the next test has its own.
 *
 * @param {Parameters<typeof withClock>[0]} body
 */
function timed(body) {
  return withClock(async (pass) => {
    await body(pass);
    await pass(60_000);
  });
}

const asked = () => ports.flatMap((port) => port.requests('pages.search'));

beforeEach(() => {
  ports = [];
  saves = [];
  forgetAll();
  resetTabs();
  delete chrome.runtime.getBrowserInfo;
  host();
});

const ADDRESSES = /** @type {const} */ ([
  ['https://a.example/x?y#z', 'https://a.example/x?y#z'],
  [' HTTP://A.example ', 'http://a.example/'],
  ['a.example', 'https://a.example/'],
  ['a.example:8080/x', 'https://a.example:8080/x'],
  ['a.example?q=1', 'https://a.example/?q=1'],
  ['例子.测试/页', 'https://xn--fsqu00a.xn--0zwm56d/%E9%A1%B5'],
  ['127.0.0.1/x', 'https://127.0.0.1/x'],
  ['localhost:3000', 'https://localhost:3000/'],
  ['http://localhost', 'http://localhost/'],
  ['[::1]:8080', 'https://[::1]:8080/'],
]);
const WORDS = [
  '',
  ' ',
  'word',
  'two words',
  'see a.example',
  '3.14',
  'e.g.',
  'tag:读书',
  'site:a.example',
  'li@a.example',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'ftp://a.example/',
  'https://',
  'https://a b/',
  '1.2.3',
  '中文。句子',
  `https://a.example/${'x'.repeat(16 * 1024)}`,
];

test('what is an address and what is none', () => {
  for (const [typed, address] of ADDRESSES) {
    assert.equal(addressIn(typed), address, typed);
  }
  for (const typed of WORDS) {
    assert.equal(addressIn(typed), '', typed);
  }
});

test('an address is offered to be saved, and Enter saves it', () =>
  timed(async (pass) => {
    const tabId = openTab('https://b.example/');
    const shown = type('https://a.example/?a&b');
    await pass(1000);
    assert.equal(chrome.omnibox.line, 'Save https://a.example/?a&amp;b');
    assert.deepEqual(shown, [[]]);
    assert.equal(ports.length, 0);
    await enter('https://a.example/?a&b');
    assert.deepEqual(saves, [{ kind: 'link', url: 'https://a.example/?a&b', tabId }]);
    assert.deepEqual(events, []);
  }));

test('what may be a name as well is searched for, too', () =>
  timed(async (pass) => {
    const shown = type('node.js');
    await pass(1000);
    assert.equal(chrome.omnibox.line, 'Save https://node.js/');
    assert.equal(shown[0].length, 1);
  }));

test('words are searched for when the person pauses', () =>
  timed(async (pass) => {
    const shown = type('a');
    await pass(50);
    type('a<b', shown);
    await pass(119);
    assert.equal(asked().length, 0);
    await pass(1);
    assert.deepEqual(
      asked().map(({ params }) => params),
      [{ query: 'a<b', limit: 6 }],
    );
    assert.deepEqual(shown, [
      [
        {
          content: 'snapshot:23 a<b',
          description: '<match>A</match> &amp; B – <dim>a.example</dim>',
        },
      ],
    ]);
    assert.equal(chrome.omnibox.line, 'Search the snapshots for “a&lt;b”');
  }));

test('Firefox is given text', () =>
  timed(async (pass) => {
    chrome.runtime.getBrowserInfo = () => {};
    const shown = type('a<b');
    await pass(200);
    assert.equal(shown[0][0].description, 'A & B – a.example');
    assert.equal(chrome.omnibox.line, 'Save this address, or search the snapshots');
  }));

test('what no XML may hold does not get into it', () =>
  timed(async (pass) => {
    host(() => ({ pages: [{ ...HIT, title: 'x', title_spans: ['a\u0000\ud800"\'\uffff'] }] }));
    const shown = type('x');
    await pass(200);
    assert.equal(shown[0][0].description, 'a &quot;&apos;  – <dim>a.example</dim>');
    host(() => ({ pages: [{ ...HIT, title: ' ', title_spans: [' '] }] }));
    await pass(60_000);
    type('y', shown);
    await pass(200);
    assert.equal(shown[1][0].description, 'https://a.example/ – <dim>a.example</dim>');
  }));

test('an answer to what stood there before is dropped', () =>
  timed(async (pass) => {
    /** @type {((result: any) => void)[]} */
    const answers = [];
    host(
      () =>
        new Promise((resolve) => {
          answers.push(resolve);
        }),
    );
    const shown = type('one');
    await pass(200);
    type('two', shown);
    await pass(200);
    answers[1]({ pages: [HIT] });
    await pass(0);
    answers[0]({ pages: [HIT, HIT] });
    await pass(0);
    assert.deepEqual(
      shown.map((all) => all.length),
      [1],
    );
  }));

test('the host is closed after a while', () =>
  timed(async (pass) => {
    type('one');
    await pass(200);
    assert.equal(ports.length, 1);
    await pass(14_000);
    assert.ok(!ports[0].closed);
    await pass(2000);
    assert.ok(ports[0].closed);
    type('two');
    await pass(200);
    assert.equal(ports.length, 2);
  }));

test('a host that fails suggests nothing', () =>
  timed(async (pass) => {
    setPort(() => {
      throw new Error('no such native application');
    });
    const shown = type('one');
    await pass(1000);
    assert.deepEqual(shown, []);
  }));

test('a hit opens in the viewer, words in the library, where the person wants them', async () => {
  const at = (/** @type {string} */ path) => `chrome-extension://id/${path}`;
  await enter('snapshot:23 光明 -b');
  await enter('snapshot:23', 'newForegroundTab');
  await enter('a&b 中', 'newBackgroundTab');
  assert.deepEqual(events, [
    `go to ${at('viewer/viewer.html?snapshot=23&find=%E5%85%89%E6%98%8E+-b')}`,
    `open ${at('viewer/viewer.html?snapshot=23')} in front`,
    `open ${at('library/library.html?q=a%26b%20%E4%B8%AD')}`,
  ]);
  assert.deepEqual(saves, []);
});
