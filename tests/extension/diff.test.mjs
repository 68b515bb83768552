import assert from 'node:assert/strict';
import { test } from 'node:test';

import { alignLines } from '../../extension/page/align.js';
import { cutLines, cutWords } from '../../extension/page/cuts.js';
import { pairLines } from '../../extension/page/pairing.js';
import { compareTexts } from '../../extension/page/textdiff.js';
import { diffWords, likeness } from '../../extension/page/worddiff.js';

/** @typedef {import('../../extension/page/worddiff.js').Part} Part */

/** @param {Part[] | null} parts */
const shown = (parts) =>
  (parts ?? [])
    .map(([op, text]) => (op === 'same' ? text : op === 'gone' ? `[-${text}-]` : `{+${text}+}`))
    .join('');

/** @param {Part[]} parts @param {'gone' | 'added'} without */
const side = (parts, without) =>
  parts
    .filter(([op]) => op !== without)
    .map(([, text]) => text)
    .join('');

/** Sentences, and where the changes are, as a person would mark them. @type {[string, string, string][]} */
const CHINESE = [
  [
    '我用SQLite做全文检索，速度很快。',
    '我用 SQLite 做全文检索，速度非常快。',
    '我用{+ +}SQLite{+ +}做全文检索，速度[-很-]{+非常+}快。',
  ],
  ['今天天气很好。', '明天天气很好。', '[-今天-]{+明天+}天气很好。'],
  ['北京市发布新的标准。', '上海市发布新的标准。', '[-北京市-]{+上海市+}发布新的标准。'],
  ['他研究生命科学。', '他研究生活动很多。', '他研究生[-命科学-]{+活动很多+}。'],
  ['南京市长江大桥', '南京市长江二桥', '南京市长江[-大-]{+二+}桥'],
  ['价格从3,200元涨到3.5万元', '价格从3,200元涨到4万元', '价格从3,200元涨到[-3.5-]{+4+}万元'],
  ['版权所有 2025', '版权所有 2026', '版权所有 [-2025-]{+2026+}'],
  ['苹果、香蕉、梨', '苹果、葡萄、香蕉、梨', '苹果、{+葡萄、+}香蕉、梨'],
  [
    '用户可以导出全部数据。',
    '用户可以导出全部数据。用户可以删除全部数据。',
    '用户可以导出全部数据。{+用户可以删除全部数据。+}',
  ],
  ['這是繁體中文的句子', '這是簡體中文的句子', '這是[-繁體-]{+簡體+}中文的句子'],
  ['第一章 开始', '第一章 结束', '第一章 [-开始-]{+结束+}'],
];

/** @type {[string, string, string][]} */
const ENGLISH = [
  [
    'The quick brown fox jumps over the lazy dog.',
    'The quick red fox jumped over the lazy dogs.',
    'The quick [-brown-]{+red+} fox [-jumps-]{+jumped+} over the lazy [-dog-]{+dogs+}.',
  ],
  [
    "It's open from 9:00, Monday to Friday.",
    "It's open from 10:00, Monday to Saturday.",
    "It's open from [-9-]{+10+}:00, Monday to [-Friday-]{+Saturday+}.",
  ],
  [
    'We keep every page, and every word in it.',
    'We keep every page, every picture, and every word in it.',
    'We keep every page,{+ every picture,+} and every word in it.',
  ],
  ['old value stays', 'new thing stays', '[-old value-]{+new thing+} stays'],
  ['a cat sat', 'a cart sat', 'a [-cat-]{+cart+} sat'],
];

for (const [name, sentences] of /** @type {const} */ ([
  ['Chinese', CHINESE],
  ['English', ENGLISH],
])) {
  test(`changes in ${name} are cut at words`, () => {
    for (const [from, to, expected] of sentences) {
      assert.equal(shown(diffWords(from, to)), expected);
    }
  });
}

test('words, marks and spaces together are the text again', () => {
  for (const [from, to] of [...CHINESE, ...ENGLISH]) {
    assert.equal(cutWords(from).join(''), from);
    assert.equal(cutWords(to).join(''), to);
  }
  assert.deepEqual(cutWords('今天天气很好'), ['今天', '天气', '很好']);
});

test('whatever the texts are, both come out of what is told of them', () => {
  const letters = [...'的了图书馆，。 abc d？', '👨‍👩‍👧', 'é', 'ا'];
  let seed = 7;
  const next = (/** @type {number} */ below) => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return seed % below;
  };
  const random = () =>
    Array.from({ length: next(30) }, () => letters[next(letters.length)]).join('');
  for (let i = 0; i < 2000; i++) {
    const [from, to] = [random(), random()];
    const parts = diffWords(from, to) ?? assert.fail('too long');
    assert.equal(side(parts, 'added'), from);
    assert.equal(side(parts, 'gone'), to);
    assert.ok(parts.every(([, text]) => text));
  }
});

test('a pair of texts with nothing in common is told to be so', () => {
  assert.equal(likeness(diffWords('图书馆', '天气') ?? []), 0);
  assert.equal(likeness([['same', '一样']]), 1);
  assert.equal(likeness([]), 1);
});

/**
 * @param {string} from
 * @param {string} to
 * @param {{ linesMs?: number, wordsMs?: number }} [time]
 */
const compare = (from, to, time) => compareTexts(cutLines(from), cutLines(to), time);

/** @param {import('../../extension/page/textdiff.js').TextDiff} found */
const told = ({ blocks }) =>
  blocks.map((block) => {
    switch (block.kind) {
      case 'same':
        return `= ${block.count}`;
      case 'changed':
        return `~ ${shown(block.parts)}`;
      default:
        return `${block.kind === 'gone' ? '-' : '+'} ${block.text}`;
    }
  });

test('paragraphs are aligned first, then the words of those that changed', () => {
  const from =
    '标题\n第一段讲历史。\n开放时间：早上九点到晚上六点。\n旧的一段没有了。\n结尾\n版权 2025';
  const to = '标题\n第一段讲历史。\n新来的通知！\n开放时间：早上八点到晚上六点。\n结尾\n版权 2026';
  const found = compare(from, to);
  assert.deepEqual(told(found), [
    '= 2',
    '+ 新来的通知！',
    '~ 开放时间：早上[-九-]{+八+}点到晚上六点。',
    '- 旧的一段没有了。',
    '= 1',
    '~ 版权 [-2025-]{+2026+}',
  ]);
  assert.deepEqual(found.counts, { changed: 2, gone: 1, added: 1 });
  assert.equal(found.coarse, false);
});

test('texts that are the same have no change, and space around lines is none', () => {
  assert.deepEqual(told(compare('一\n二', ' 一 \n\n二\n')), ['= 2']);
  assert.deepEqual(told(compare('', '')), []);
  assert.deepEqual(told(compare('', '一')), ['+ 一']);
  assert.deepEqual(told(compare('一', '')), ['- 一']);
});

test('paragraphs that share hardly a word are one gone and one added', () => {
  assert.deepEqual(told(compare('图书馆的开放时间', '今年冬天的第一场雪')), [
    '- 图书馆的开放时间',
    '+ 今年冬天的第一场雪',
  ]);
});

test('line numbers lead to the lines', () => {
  const from = cutLines('a\nb\nc\nd e f\ng');
  const to = cutLines('a\nx\nb\nc\nd e g\ng');
  const { blocks } = compareTexts(from, to);
  for (const block of blocks) {
    if (block.kind === 'same') {
      const [old, now] = [block.from, block.to].map((at, i) =>
        [from, to][i].slice(at, at + block.count),
      );
      assert.deepEqual(old, now);
    } else if (block.kind === 'changed') {
      assert.equal(side(block.parts, 'added'), from[block.from]);
      assert.equal(side(block.parts, 'gone'), to[block.to]);
    } else {
      assert.equal((block.kind === 'gone' ? from : to)[block.line], block.text);
    }
  }
});

test('what both have once holds the rest in its place', () => {
  const hunks = alignLines(['}', 'one', '}', 'two', '}'], ['}', 'two', '}'], Date.now() + 1000);
  assert.deepEqual(
    hunks.map(({ same, gone, added }) => [same, gone, added]),
    [
      [true, 1, 1],
      [false, 2, 0],
      [true, 2, 2],
    ],
  );
});

test('lines are paired by what they have in common, in their order', () => {
  const gone = ['开放时间是早上九点', '完全不同的一行', '电话号码是 12345'];
  const added = ['开放时间是早上八点', '电话号码是 54321'];
  assert.deepEqual(pairLines(gone, added, Infinity), [
    [0, 0],
    [2, 1],
  ]);
  assert.deepEqual(pairLines(gone, [], Infinity), []);
  assert.deepEqual(pairLines(gone, added, 0), []);
});

test('a line without an end is cut into sentences, or anywhere, and nothing is lost', () => {
  const sentence = '光明图书馆今天开放，明天闭馆。';
  assert.deepEqual(cutLines(sentence.repeat(200)), Array(200).fill(sentence));
  assert.equal(cutLines(`${'word '.repeat(400)}end. Next.`).length, 3);
  const pieces = cutLines('😀'.repeat(5000));
  assert.ok(pieces.length > 5);
  assert.equal(pieces.join(''), '😀'.repeat(5000));
  assert.ok(pieces.every((piece) => !/^[\uDC00-\uDFFF]/.test(piece)));
});

test('megabytes are compared in seconds, word by word or at least line by line', () => {
  const lines = (/** @type {(i: number) => string} */ of) =>
    Array.from({ length: 60_000 }, (_, i) => of(i)).join('\n');
  const some = (/** @type {number} */ i) => `第 ${i} 段：光明图书馆今天开放，明天闭馆。`;
  const begun = Date.now();
  const few = compare(
    lines(some),
    lines((i) => (i % 1000 ? some(i) : `第 ${i} 段：光明图书馆今天闭馆。`)),
  );
  assert.deepEqual(few.counts, { changed: 60, gone: 0, added: 0 });
  const every = compare(
    lines(some),
    lines((i) => `${some(i)}！`),
    { linesMs: 500, wordsMs: 500 },
  );
  assert.equal(every.counts.changed + every.counts.gone, 60_000);
  compare('光'.repeat(2_000_000), '明'.repeat(2_000_000));
  compare('。'.repeat(500_000), '！'.repeat(500_000));
  assert.ok(Date.now() - begun < 30_000);
});

test('where time runs out, only whole paragraphs are told, and it is said', () => {
  const found = compare('开放时间是早上九点', '开放时间是早上八点', { wordsMs: -1 });
  assert.equal(found.coarse, true);
  assert.deepEqual(told(found), ['- 开放时间是早上九点', '+ 开放时间是早上八点']);
});
