// Pages in every encoding that sites have used: title and text come out right and are found.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { encode } from './encode.mjs';
import { withStand } from './stand.mjs';

const bom = '\ufeff';
const filler = 'Reading on paper is slow, and reading on a screen is quick and forgetful. '.repeat(
  8,
);

/**
 * @typedef {object} Sample
 * @property {string} title
 * @property {string} word found in the text
 * @property {string} text
 */
/** @type {Record<string, Sample>} */
const samples = {
  chinese: {
    title: '光明区图书馆',
    word: '儿童友好',
    text: '光明区图书馆新馆开放，儿童友好型城区建设稳步推进，市民可以预约参观，也可以在网上借阅图书。',
  },
  rare: {
    title: '罕见的字𠀀',
    word: '生僻',
    text: '生僻的字也要留下来：𠀀、𠂇。这里还有别的说明文字。',
  },
  taiwan: {
    title: '國立臺灣圖書館',
    word: '閱覽',
    text: '圖書館開放閱覽，讀者可以預約參觀，也可以在網路上借閱圖書。',
  },
  japanese: {
    title: '図書館のご案内',
    word: '資料',
    text: 'この図書館ではたくさんの資料を読むことができます。カードを作ると本を借りられます。',
  },
  korean: {
    title: '국립도서관 안내',
    word: '자료',
    text: '도서관에서는 많은 자료를 읽을 수 있습니다. 회원 카드를 만들면 책을 빌릴 수 있습니다.',
  },
  russian: {
    title: 'Городская библиотека',
    word: 'читателей',
    text: 'Библиотека открыта для читателей каждый день. Книги можно заказать на сайте и взять домой.',
  },
  french: {
    title: 'Bibliothèque “façade”',
    word: 'élèves',
    text: 'La bibliothèque est ouverte aux élèves chaque journée, pour 5 € par année. “Déjà lu ?”',
  },
};

/** @typedef {{ sample: Sample, encoding: string, header?: string, meta?: string, mark?: boolean }} Case */
/** @type {Record<string, Case>} */
const cases = {
  'GBK by its header': { sample: samples.chinese, encoding: 'gbk', header: 'GBK' },
  'GBK called gb2312 by its meta': { sample: samples.chinese, encoding: 'gbk', meta: 'gb2312' },
  'GB18030 with four bytes': { sample: samples.rare, encoding: 'gb18030', header: 'gb18030' },
  'Big5 by its header': { sample: samples.taiwan, encoding: 'big5', header: 'big5' },
  'Big5 by its meta': { sample: samples.taiwan, encoding: 'big5', meta: 'big5' },
  Shift_JIS: { sample: samples.japanese, encoding: 'shift_jis', header: 'Shift_JIS' },
  'Shift_JIS called x-sjis by its meta': {
    sample: samples.japanese,
    encoding: 'shift_jis',
    meta: 'x-sjis',
  },
  'EUC-JP': { sample: samples.japanese, encoding: 'euc-jp', header: 'euc-jp' },
  'EUC-KR': { sample: samples.korean, encoding: 'euc-kr', header: 'ks_c_5601-1987' },
  'windows-1251': { sample: samples.russian, encoding: 'windows-1251', header: 'windows-1251' },
  'windows-1252 called ISO-8859-1': {
    sample: samples.french,
    encoding: 'windows-1252',
    header: 'ISO-8859-1',
  },
  'UTF-16LE with its mark': { sample: samples.chinese, encoding: 'utf-16le', mark: true },
  'UTF-16BE with its mark': { sample: samples.japanese, encoding: 'utf-16be', mark: true },
  'UTF-8 with a mark, against header and meta': {
    sample: samples.chinese,
    encoding: 'utf-8',
    mark: true,
    header: 'gbk',
    meta: 'big5',
  },
  'the header against the meta': {
    sample: samples.chinese,
    encoding: 'gbk',
    header: 'gbk',
    meta: 'utf-8',
  },
  'UTF-8 by its meta, with a header that names none': {
    sample: samples.korean,
    encoding: 'utf-8',
    meta: 'utf-8',
  },
  'a meta that says UTF-16 means UTF-8': {
    sample: samples.russian,
    encoding: 'utf-8',
    meta: 'utf-16',
  },
  'a header that nobody knows': {
    sample: samples.taiwan,
    encoding: 'utf-8',
    header: 'x-no-such',
    meta: 'utf-8',
  },
  'UTF-8 that nobody names': { sample: samples.chinese, encoding: 'utf-8' },
  'GBK that nobody names': { sample: samples.chinese, encoding: 'gbk' },
  'Big5 that nobody names': { sample: samples.taiwan, encoding: 'big5' },
  'Shift_JIS that nobody names': { sample: samples.japanese, encoding: 'shift_jis' },
  'EUC-KR that nobody names': { sample: samples.korean, encoding: 'euc-kr' },
};

for (const [name, { sample, encoding, header, meta, mark }] of Object.entries(cases)) {
  const { title, word, text } = sample;
  const html =
    `${mark ? bom : ''}<!DOCTYPE html><html><head>${meta ? `<meta charset="${meta}">` : ''}` +
    `<title>${title}</title></head><body><p>${text}</p><p>${filler}</p></body></html>`;
  const type = header ? `text/html; charset=${header}` : 'text/html';
  test(name, () =>
    withStand({ '/': { type, body: encode(html, encoding) } }, async ({ origin, port }) => {
      await port.request('links.save', { url: `${origin}/` });
      for (const query of [word, `title:"${title}"`]) {
        const { pages } = await port.request('pages.search', { query });
        assert.deepEqual(
          pages.map((/** @type {any} */ page) => page.title),
          [title],
          query,
        );
      }
      const { data } = await port.request('snapshots.read', { snapshot: 1, offset: 0 });
      assert.ok(data.includes(text), data.slice(0, 2000));
    }),
  );
}

test('a style sheet of another encoding than its page, and the page, are both read right', () => {
  const { title, text, word } = samples.chinese;
  const html = `<!DOCTYPE html><title>${title}</title><link rel=stylesheet href=a.css><p>${text}`;
  const css = `p::before{content:"图书";color:red}`;
  const routes = {
    '/': { type: 'text/html; charset=gbk', body: encode(html, 'gbk') },
    '/a.css': { type: 'text/css; charset=utf-8', body: css },
  };
  return withStand(routes, async ({ origin, port }) => {
    await port.request('links.save', { url: `${origin}/` });
    assert.equal((await port.request('pages.search', { query: word })).total, 1);
    const { data } = await port.request('snapshots.read', { snapshot: 1, offset: 0 });
    const sheets = [...data.matchAll(/data:text\/css;charset=utf-8;base64,([\w+/=]+)/g)].map(
      ([, sheet]) => Buffer.from(sheet, 'base64').toString(),
    );
    assert.ok(sheets.some((sheet) => sheet.includes('图书')) || data.includes('content:"图书"'));
  });
});
