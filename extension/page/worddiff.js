/**
 * What changed within a paragraph, word by word, as a person would mark it: what is put in stands
 * between whole words, and no lone comma or blank is left between two words that were replaced.
 *
 * @typedef {'same' | 'gone' | 'added'} Op
 * @typedef {[Op, string]} Part
 *
 * @typedef {{ same: string[], gone: string[], added: string[] }} Run - words that stay, then those
 *   that were replaced
 */
import { diffArrays } from '../vendor/diff/array.js';
import { cutWords, isMarks } from './cuts.js';

/** Words that may differ, together: past this two paragraphs have nothing to do with each other. */
const EDITS = 2000;

const TIME_MS = 400;

/**
 * @param {string} from
 * @param {string} to
 * @returns {Part[] | null} null where finding it takes too long
 */
export function diffWords(from, to) {
  const [old, now] = [cutWords(from), cutWords(to)];
  const found = diffArrays(old, now, { maxEditLength: EDITS, timeout: TIME_MS });
  if (!found) {
    return null;
  }
  const runs = join(runsOf(found).map(trim));
  slide(runs);
  return partsOf(join(runs));
}

/** How much of two texts is the same, of 1. @param {Part[]} parts */
export function likeness(parts) {
  let [same, all] = [0, 0];
  for (const [op, text] of parts) {
    const size = text.replace(/\s/g, '').length;
    all += op === 'same' ? 2 * size : size;
    same += op === 'same' ? 2 * size : 0;
  }
  return all ? same / all : 1;
}

/**
 * @param {{ value: string[], added: boolean, removed: boolean }[]} found
 * @returns {Run[]} the last one perhaps without a change
 */
function runsOf(found) {
  /** @type {Run[]} */
  const runs = [{ same: [], gone: [], added: [] }];
  for (const { added, removed, value } of found) {
    const run = runs[runs.length - 1];
    if (added || removed) {
      run[added ? 'added' : 'gone'].push(...value);
    } else if (run.gone.length || run.added.length) {
      runs.push({ same: [...value], gone: [], added: [] });
    } else {
      run.same.push(...value);
    }
  }
  return runs;
}

/**
 * Where a word of Chinese ends depends on what stands around it. What both sides have at either end
 * of a change, and one of them takes for whole words, has not changed.
 *
 * @param {Run} run
 * @returns {Run & { tail?: string }}
 */
function trim(run) {
  const [gone, added] = [run.gone.join(''), run.added.join('')];
  if (!gone || !added) {
    return run;
  }
  const head = sharedHead(gone, added, edges(run.gone), edges(run.added));
  const [a, b] = [gone.slice(head), added.slice(head)];
  const tail = sharedTail(a, b, edges(run.gone, head), edges(run.added, head));
  if (!head && !tail) {
    return run;
  }
  return {
    same: head ? [...run.same, gone.slice(0, head)] : run.same,
    gone: words(a.slice(0, a.length - tail)),
    added: words(b.slice(0, b.length - tail)),
    tail: tail ? a.slice(a.length - tail) : '',
  };
}

/** @param {string} text */
const words = (text) => (text ? [text] : []);

/**
 * @param {string[]} tokens
 * @param {number} [from]
 * @returns {Set<number>} where words end, counted from there
 */
function edges(tokens, from = 0) {
  let at = -from;
  return new Set([at, ...tokens.map((token) => (at += token.length))]);
}

/**
 * @param {string} a
 * @param {string} b
 * @param {Set<number>} edgesA
 * @param {Set<number>} edgesB
 */
function sharedHead(a, b, edgesA, edgesB) {
  let best = 0;
  for (let n = 1; n <= a.length && n <= b.length && a[n - 1] === b[n - 1]; n++) {
    // A word of letters is whole on both sides or not at all.
    const ends = Number(edgesA.has(n)) + Number(edgesB.has(n));
    best = ends === 2 || (ends === 1 && isHan(a[n - 1])) ? n : best;
  }
  return best;
}

/**
 * @param {string} a
 * @param {string} b
 * @param {Set<number>} edgesA
 * @param {Set<number>} edgesB
 */
function sharedTail(a, b, edgesA, edgesB) {
  let best = 0;
  for (let n = 1; n <= a.length && n <= b.length && a.at(-n) === b.at(-n); n++) {
    const ends = Number(edgesA.has(a.length - n)) + Number(edgesB.has(b.length - n));
    best = ends === 2 || (ends === 1 && isHan(a[a.length - n])) ? n : best;
  }
  return best;
}

/** @param {string} character */
const isHan = (character) => /\p{Script=Han}/u.test(character);

/**
 * Joins what stands beside each other, and two replacements with nothing but marks or blanks between.
 *
 * @param {(Run & { tail?: string })[]} runs
 * @returns {Run[]}
 */
function join(runs) {
  /** @type {Run[]} */
  const joined = [];
  /** @type {string[]} */
  let carried = [];
  for (const run of runs) {
    const { gone, added, tail = '' } = run;
    const same = [...carried, ...run.same];
    carried = words(tail);
    const last = joined[joined.length - 1];
    const between = same.join('');
    if (last && (!between || (isShort(between) && isReplaced(last) && isReplaced(run)))) {
      last.gone.push(...same, ...gone);
      last.added.push(...same, ...added);
    } else {
      joined.push({ same, gone: [...gone], added: [...added] });
    }
  }
  if (carried.length) {
    joined.push({ same: carried, gone: [], added: [] });
  }
  return joined;
}

/** @param {string} text */
const isShort = (text) => text.length <= 2 && isMarks(text) && !/[。！？!?；;]/.test(text);

/** @param {Run} run */
const isReplaced = ({ gone, added }) => gone.length > 0 && added.length > 0;

/**
 * What was put in or taken out alone may stand at several places when its end is what stands before
 * it. The best place is where a sentence begins and ends.
 *
 * @param {Run[]} runs
 */
function slide(runs) {
  for (let i = 0; i < runs.length - 1; i++) {
    const [run, next] = [runs[i], runs[i + 1]];
    const moved = run.gone.length ? run.gone : run.added;
    if (isReplaced(run) || moved.length === 0) {
      continue;
    }
    const line = [...run.same, ...moved, ...next.same];
    let first = run.same.length;
    while (first > 0 && line[first - 1] === line[first + moved.length - 1]) {
      first -= 1;
    }
    let best = { at: run.same.length, score: score(line, run.same.length, moved.length) };
    const last = line.length - moved.length;
    for (let at = first; at <= last; at++) {
      if (at > first && line[at - 1] !== line[at + moved.length - 1]) {
        break;
      }
      const worth = score(line, at, moved.length);
      best = worth > best.score ? { at, score: worth } : best;
    }
    run.same = line.slice(0, best.at);
    moved.splice(0, moved.length, ...line.slice(best.at, best.at + moved.length));
    next.same = line.slice(best.at + moved.length);
  }
}

/**
 * @param {string[]} line
 * @param {number} at - where the change begins
 * @param {number} length
 */
function score(line, at, length) {
  const before = at === 0 ? '。' : line[at - 1];
  const end = at + length === line.length ? '。' : line[at + length - 1];
  return worthOf(before) + worthOf(end);
}

/** How well a change begins or ends behind a word. @param {string} word */
function worthOf(word) {
  if (/^[。！？!?.…；;]$/.test(word)) {
    return 4;
  }
  if (/^[，、,:：]$/.test(word)) {
    return 2;
  }
  return /^\s+$/.test(word) ? 1 : 0;
}

/**
 * @param {Run[]} runs
 * @returns {Part[]}
 */
function partsOf(runs) {
  /** @type {Part[]} */
  const parts = [];
  for (const run of runs) {
    for (const op of /** @type {const} */ (['same', 'gone', 'added'])) {
      const text = run[op].join('');
      if (text) {
        parts.push([op, text]);
      }
    }
  }
  return parts;
}
