import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LIMITS } from '../../extension/lib/protocol.js';
import {
  cleanTag,
  clip,
  hasTerm,
  joinTags,
  splitTags,
  tagTerm,
  toggleTerm,
} from '../../extension/lib/text.js';

const size = (/** @type {string} */ text) => new TextEncoder().encode(text).length;

test('text is cut between characters, at the ceiling and not past it', () => {
  assert.equal(clip('abc', 3), 'abc');
  assert.equal(clip('abcd', 3), 'abc');
  assert.equal(clip('快照', 6), '快照');
  assert.equal(clip('快照', 5), '快');
  assert.equal(clip('快照', 2), '');
  assert.equal(clip('a😀', 4), 'a');
  assert.equal(clip('', 4), '');
  assert.equal(size(clip('é'.repeat(LIMITS.title), LIMITS.title)), LIMITS.title);
});

test('half of a surrogate pair is replaced', () => {
  assert.equal(clip('a\ud83d', 10), 'a\ufffd');
  assert.equal(clip('\ude00b', 10), '\ufffdb');
});

test('a tag loses its mark, its margins and its double spaces', () => {
  assert.equal(cleanTag('  #读书 '), '读书');
  assert.equal(cleanTag('＃网页'), '网页');
  assert.equal(cleanTag('a \t\n b\u3000c'), 'a b c');
  assert.equal(cleanTag('e\u0301'), '\u00e9');
  assert.equal(cleanTag(' ## '), '');
  assert.equal(cleanTag('读书/小说'), '读书/小说');
  assert.equal(cleanTag('C#'), 'C#');
});

test('a tag is cut at its ceiling of characters, not of units', () => {
  const tag = '😀'.repeat(LIMITS.tag);
  assert.equal(cleanTag(tag), tag);
  assert.equal(cleanTag(`${tag}x`), tag);
});

test('the commas of both scripts end a tag', () => {
  assert.deepEqual(splitTags('a,b，c、d;e；f\ng'), {
    done: ['a', 'b', 'c', 'd', 'e', 'f'],
    rest: 'g',
  });
  assert.deepEqual(splitTags('web archive'), { done: [], rest: 'web archive' });
  assert.deepEqual(splitTags('a,'), { done: ['a'], rest: '' });
});

test('a tag that is there is not added again, in whatever case or width', () => {
  assert.deepEqual(joinTags(['Web'], ['web', 'ＷＥＢ', ' ', 'new', 'NEW']), ['Web', 'new']);
});

test('a page has no more tags than the ceiling', () => {
  const many = Array.from({ length: LIMITS.tags + 1 }, (_, i) => `tag ${i}`);
  assert.equal(joinTags([], many.slice(1)).length, LIMITS.tags);
  assert.equal(joinTags([], many).length, LIMITS.tags);
});

test('a tag becomes a term, in quotes where it needs them', () => {
  assert.equal(tagTerm('读书'), 'tag:读书');
  assert.equal(tagTerm('读书/小说'), 'tag:读书/小说');
  assert.equal(tagTerm('full text'), 'tag:"full text"');
  assert.equal(tagTerm('C#'), 'tag:"C#"');
  assert.equal(tagTerm('a"b'), 'tag:「a"b」');
  assert.equal(tagTerm('读“书”'), 'tag:「读“书”」');
  assert.equal(tagTerm('"「a」'), 'tag:『"「a」』');
  assert.equal(tagTerm('"」』b'), 'tag:"」』b"');
});

test('a term is added to a query and taken out again', () => {
  assert.equal(toggleTerm('', 'tag:a'), 'tag:a');
  assert.equal(toggleTerm('快照 ', 'tag:a'), '快照 tag:a');
  assert.equal(toggleTerm('快照 tag:a b', 'tag:a'), '快照 b');
  assert.equal(toggleTerm('tag:"full text" x', 'tag:"full text"'), 'x');
  assert.equal(toggleTerm('tag:ab', 'tag:a'), 'tag:ab tag:a');
  assert.ok(hasTerm(' x  tag:a', 'tag:a'));
});

test('a term narrows a query of alternatives, and one whose quotation mark is open', () => {
  assert.equal(toggleTerm('a OR b', 'tag:x'), '(a OR b) tag:x');
  assert.equal(toggleTerm('a ＯＲ b', 'tag:x'), '(a ＯＲ b) tag:x');
  assert.equal(toggleTerm('a | b', 'tag:x'), '(a | b) tag:x');
  assert.equal(toggleTerm('(a OR b) c', 'tag:x'), '(a OR b) c tag:x');
  assert.equal(toggleTerm('"a OR b"', 'tag:x'), '"a OR b" tag:x');
  assert.equal(toggleTerm('say "hello', 'tag:x'), 'say "hello" tag:x');
  assert.equal(toggleTerm('(a OR b) tag:x', 'tag:x'), '(a OR b)');
});

test('no NUL goes to the host', () => {
  assert.equal(clip('a\0b', 3), 'a b');
});

test('a term is found whole', () => {
  assert.ok(!hasTerm('tag:ab', 'tag:a'));
});
