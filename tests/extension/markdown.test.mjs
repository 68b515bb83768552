import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser } from './ui-harness.mjs';

/** @type {Awaited<ReturnType<typeof openBrowser>>} */
let browser;
/** @type {import('puppeteer-core').Page} */
let tab;
before(async () => {
  browser = await openBrowser();
  ({ tab } = await browser.open('highlights/highlights.html', {}));
});
after(() => browser.close());

/**
 * @param {string} text
 * @returns {Promise<string>} what is drawn, as markup
 */
function drawn(text) {
  return tab.evaluate(async (note) => {
    const { markdown } = await import(/** @type {any} */ ('/lib/markdown.js'));
    const box = document.createElement('div');
    box.append(...markdown(note));
    return box.innerHTML;
  }, text);
}

test('words, lines and lists', async () => {
  assert.equal(
    await drawn('**粗** *斜* ~~删~~ `x`'),
    '<p><strong>粗</strong> <em>斜</em> <del>删</del> <code>x</code></p>',
  );
  assert.equal(await drawn('一行\n又一行\n\n一段'), '<p>一行<br>又一行</p><p>一段</p>');
  assert.equal(await drawn('- a\n- b\n  - c'), '<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>');
  assert.equal(await drawn('3. a\n4. b'), '<ol start="3"><li>a</li><li>b</li></ol>');
  assert.equal(await drawn('> 引'), '<blockquote><p>引</p></blockquote>');
  assert.equal(await drawn('---'), '<hr>');
});

test('tasks, code and tables', async () => {
  assert.match(await drawn('- [x] 借书\n- [ ] 还书'), /☑ <\/span>借书.*☐ <\/span>还书/);
  assert.match(await drawn('```js\na < b\n```'), /<pre tabindex="0"><code>a &lt; b<\/code><\/pre>/);
  assert.match(
    await drawn('| 书 | 价 |\n| - | -: |\n| A | 1 |'),
    /<th>书<\/th><th style="text-align: right;">价<\/th>.*<td>A<\/td><td style="text-align: right;">1/,
  );
});

test('headings begin below those of the page, and none is left out between', async () => {
  assert.equal(await drawn('# a\n## b'), '<h3>a</h3><h4>b</h4>');
  assert.equal(await drawn('## a\n#### b\n## c'), '<h3>a</h3><h4>b</h4><h3>c</h3>');
  assert.equal(await drawn('- # a'), '<ul><li><p>a</p></li></ul>');
});

test('markup is shown as it was typed', async () => {
  for (const text of [
    '<script>alert(1)</script>',
    'a <img src=x onerror=alert(1)> b',
    '<div onclick="x">',
    '&lt;b&gt;',
  ]) {
    assert.doesNotMatch(await drawn(text), /<(?!\/?(?:p|span)>)/, text);
  }
  assert.equal(await drawn('a & b < c "d"'), '<p>a &amp; b &lt; c "d"</p>');
});

test('links lead to the web only, and pictures are links: nothing is fetched', async () => {
  assert.match(
    await drawn('[a](https://example.com/)'),
    /<a href="https:\/\/example\.com\/" title="[^"]+" target="_blank" rel="noreferrer noopener">a<\/a>/,
  );
  for (const href of [
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    '/x',
    'JaVaScRiPt:x',
  ]) {
    assert.equal(await drawn(`[a](${href})`), '<p><span>a</span></p>');
  }
  assert.match(
    await drawn('![图](https://example.com/a.png)'),
    /<a href="[^"]+a\.png"[^>]*>图<\/a>/,
  );
  assert.match(await drawn('看 https://example.com/b 吧'), /<a href="https:\/\/example\.com\/b"/);
});

test('a note that nobody could have meant is shown all the same', async () => {
  for (const text of [
    '>'.repeat(20_000),
    `${'- '.repeat(300)}x`,
    '*'.repeat(2_000),
    '[['.repeat(500),
  ]) {
    const begun = Date.now();
    assert.ok((await drawn(text)).length > 0);
    assert.ok(Date.now() - begun < 10_000);
  }
});

test('what a note of the largest size was made to take hours for is drawn at once', async () => {
  const full = (/** @type {string} */ text) => text.repeat(65_536 / text.length);
  const wide = `|${'a|'.repeat(8000)}\n|${'-|'.repeat(8000)}\n${'|a\n'.repeat(8000)}`;
  for (const text of [full('*a_ '), full('_.'), full('a*'), full('['), full('> '), wide]) {
    const begun = Date.now();
    const markup = await drawn(text);
    assert.ok(markup.length >= text.length / 2, text.slice(0, 9));
    assert.ok(Date.now() - begun < 10_000, text.slice(0, 9));
  }
});

test('a note beside such a paragraph is drawn as always', async () => {
  const text = `**粗**\n\n${'*a_ '.repeat(1000)}\n\n| 书 |\n| - |\n| A |`;
  assert.match(await drawn(text), /^<p><strong>粗<\/strong><\/p><p>\*a_ .*<td>A<\/td>/s);
});
