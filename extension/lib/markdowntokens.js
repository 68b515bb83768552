/**
 * Cuts Markdown into tokens with a module from npm, within bounds: what it would take seconds or minutes
 * for, thousands of asterisks in a paragraph or tables of a million cells, nobody has typed to be read.
 */
import { Lexer, Tokenizer } from '../vendor/marked.js';

/** Marks of emphasis in a paragraph: past this their pairs are not looked for. */
const MARKS = 600;

/** Blocks in blocks. */
const DEPTH = 24;

/** Of all tables, those of what might be one with them. */
const CELLS = 20_000;

/** For what stands in the lines of a note; the rest of it stays as it was typed. */
const TIME_MS = 800;

/** @typedef {any} Token - of the module, which has no types here */

class BoundedTokenizer extends Tokenizer {
  #cells = 0;

  /** @override @param {string} source */
  table(source) {
    this.#cells += cellsOf(source, CELLS - this.#cells);
    return this.#cells > CELLS ? undefined : super.table(source);
  }
}

class BoundedLexer extends Lexer {
  #depth = 0;
  #until = Date.now() + TIME_MS;

  /**
   * @override
   * @param {string} source
   * @param {Token[]} tokens
   * @param {...any} more
   */
  blockTokens(source, tokens = [], ...more) {
    if (this.#depth >= DEPTH) {
      tokens.push(raw(source));
      return tokens;
    }
    this.#depth += 1;
    try {
      return super.blockTokens(source, tokens, ...more);
    } finally {
      this.#depth -= 1;
    }
  }

  /**
   * @override
   * @param {string} source
   * @param {Token[]} tokens
   */
  inlineTokens(source, tokens = []) {
    if (Date.now() > this.#until || (source.match(/[*_~]/g)?.length ?? 0) > MARKS) {
      tokens.push(raw(source));
      return tokens;
    }
    return super.inlineTokens(source, tokens);
  }
}

/** @param {string} text */
const raw = (text) => ({ type: 'text', raw: text, text });

/**
 * How many cells what begins here has, if it is a table.
 *
 * @param {string} source
 * @param {number} most - are counted, and one row more
 */
function cellsOf(source, most) {
  const head = source.indexOf('\n');
  const columns = head < 0 ? 0 : source.slice(0, head).split('|').length;
  if (columns < 2 || !/^[ \t]*[|:-][ \t|:-]*(?:\n|$)/.test(source.slice(head + 1))) {
    return 0;
  }
  let cells = 0;
  for (let at = head; at >= 0 && source[at + 1] !== '\n' && cells <= most;) {
    cells += columns;
    at = source.indexOf('\n', at + 1);
  }
  return cells;
}

/**
 * @param {string} text
 * @returns {Token[]}
 */
export function markdownTokens(text) {
  const options = { gfm: true, breaks: true, tokenizer: new BoundedTokenizer() };
  return new BoundedLexer(options).lex(text);
}
