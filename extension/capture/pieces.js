/**
 * The page walker: what is written of a document, in pieces, some of which are known only later.
 *
 * @typedef {object} Later
 * @property {string | Promise<string>} text
 * @property {string} [blob] - the URL of a resource without which there is another text
 * @property {string} [otherwise]
 *
 * @typedef {string | number | Later} Piece - a number is the place of `ls:frame` of that frame
 */
globalThis.linksnap.pieces = (() => {
  /** The host refuses a document of more bytes; a UTF-16 unit is at least one. */
  const LONGEST = 64 * 1024 * 1024;

  /** Text is gathered up to here before it becomes a piece. */
  const PIECE = 64 * 1024;

  /** UTF-16 units of one part; three bytes each at most, well under a mebibyte. */
  const PART = 256 * 1024;

  class Pieces {
    /** @type {Piece[]} */
    #list = [];
    #text = '';
    #length = 0;

    /** @param {string} text */
    add(text) {
      this.#text += text;
    }

    /** Makes a piece of what was added when it is long. */
    settle() {
      if (this.#text.length > PIECE) {
        this.#flush();
      }
    }

    #flush() {
      this.#length += this.#text.length;
      if (this.#length > LONGEST) {
        throw new RangeError('the document is too large');
      }
      this.#list.push(this.#text);
      this.#text = '';
    }

    /** A place to take() from; nothing may settle in between. */
    mark() {
      return this.#text.length;
    }

    /**
     * @param {number} mark
     * @returns {string} what was added since, which is no more
     */
    take(mark) {
      const taken = this.#text.slice(mark);
      this.#text = this.#text.slice(0, mark);
      return taken;
    }

    /**
     * @param {Exclude<Piece, string>} piece
     * @returns {Exclude<Piece, string>}
     */
    place(piece) {
      this.#flush();
      this.#list.push(piece);
      return piece;
    }

    /** @returns {Piece[]} */
    finish() {
      this.#flush();
      return this.#list;
    }
  }

  /**
   * The pieces as parts that a message can carry.
   *
   * @param {Piece[]} pieces
   * @param {object} known
   * @param {(frame: number) => string} known.frame
   * @param {(url: string) => Promise<boolean>} known.blob - whether it can be read
   * @returns {AsyncGenerator<{ data: string, last: boolean }>}
   */
  async function* parts(pieces, known) {
    let text = '';
    for (const piece of pieces) {
      if (typeof piece === 'string') {
        text += piece;
      } else if (typeof piece === 'number') {
        text += known.frame(piece);
      } else if (!piece.blob || (await known.blob(piece.blob))) {
        text += await piece.text;
      } else {
        text += piece.otherwise ?? '';
      }
      while (text.length > PART) {
        const end = cutBefore(text, PART);
        yield { data: text.slice(0, end), last: false };
        text = text.slice(end);
      }
    }
    yield { data: text, last: true };
  }

  /**
   * @param {string} text
   * @param {number} end
   * @returns {number} `end`, or one less where a surrogate pair would be cut
   */
  function cutBefore(text, end) {
    const unit = text.charCodeAt(end - 1);
    return unit >= 0xd800 && unit <= 0xdbff ? end - 1 : end;
  }

  return { Pieces, parts };
})();
