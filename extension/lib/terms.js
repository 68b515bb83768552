/**
 * The words that a query asks for, as the viewer marks them: what stands in it plainly, in a phrase,
 * or after title: and text:. Tags, sites, dates, states and what is excluded are not looked for.
 *
 * Folding is that of Unicode: case, full and half width, compatibility forms, and diacritics off
 * letters. The search folds traditional to simplified Chinese besides; here they stay apart.
 *
 * @typedef {object} Term
 * @property {string} text - folded
 * @property {boolean} prefix - words that begin so
 */

/** Voiced marks of kana, which are no diacritics but part of the sound. */
const SOUNDED = /[\u3099\u309a]/;

/** @type {Map<string, string>} */
const folds = new Map();

/** What a fold is kept for: far more than the characters of one document. */
const KEPT = 20_000;

/**
 * @param {string} character - one code point
 * @returns {string} none, one or more characters that stand for it
 */
export function fold(character) {
  let folded = folds.get(character);
  if (folded === undefined) {
    folded = [...character.normalize('NFKD').toLowerCase().normalize('NFKD')]
      .filter((one) => !/[\p{M}\p{Cf}]/u.test(one) || SOUNDED.test(one))
      .join('');
    if (folds.size >= KEPT) {
      folds.clear();
    }
    folds.set(character, folded);
  }
  return folded;
}

/** @param {string} text */
function foldAll(text) {
  return [...text].map(fold).join('');
}

/**
 * Whether a character belongs to a word that spaces set apart.
 *
 * @param {string} character
 */
export function isSpaced(character) {
  return (
    /[\p{L}\p{N}]/u.test(character) &&
    !/[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Bopo}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}]/u.test(
      character,
    )
  );
}

const FIELDS = new Set(
  `title note url text tag site before after on is lang 标题 標題 备注 備註 网址 網址 正文 标签 標籤
   网站 網站 早于 早於 晚于 晚於 在 是 语言 語言`.split(/\s+/),
);
const READ = new Set(['title', 'text', '标题', '標題', '正文']);

/** A sign, a field, and a phrase or a word after it. */
const TOKEN = /(-?)(?:([\p{L}]+):)?(?:"([^"]*)"?|([^\s"()]+))|[()]/gu;

/**
 * @param {string} query
 * @returns {Term[]} each once; the last word stands for those that begin so, as it does in the search
 */
export function termsOf(query) {
  const text = query
    .normalize('NFKC')
    .replace(/[“”„«»「」『』《》]/g, '"')
    .replace(/[−–—]/g, '-');
  const terms = /** @type {Term[]} */ ([]);
  const tokens = [...text.matchAll(TOKEN)];
  tokens.forEach(([whole, minus, name, phrase, word], i) => {
    const field = name?.toLowerCase();
    const isField = field !== undefined && FIELDS.has(field);
    if (minus || (isField && !READ.has(field)) || /^#|^(?:OR|AND|NOT)$|^[()]$/.test(whole)) {
      return;
    }
    const isWord = phrase === undefined;
    const said = isField || !isWord ? (phrase ?? word) : whole;
    const starred = isWord && said.endsWith('*');
    const isLast = i === tokens.length - 1 && isWord && !/\s$/.test(text);
    terms.push(...piecesOf(said, starred || isLast));
  });
  return terms.filter(
    ({ text: one, prefix }, i) =>
      terms.findIndex((other) => other.text === one && other.prefix === prefix) === i,
  );
}

/**
 * @param {string} said
 * @param {boolean} prefix - of the last piece
 * @returns {Term[]} a phrase stays whole, whatever signs stand in it
 */
function piecesOf(said, prefix) {
  const pieces = foldAll(said)
    .split(/[^\p{L}\p{N}\p{S}\u3099\u309a]+/u)
    .filter(Boolean);
  const text = pieces.join(' ');
  return text ? [{ text, prefix }] : [];
}

/** A word that may begin a title: no field, sign or phrase. */
const WORD = /(?:^|\s)([\p{L}\p{M}\p{N}]{2,60})$/u;

/**
 * @param {string} query
 * @returns {string} its last word while it is typed, or nothing
 */
export function wordOf(query) {
  return WORD.exec(query)?.[1] ?? '';
}
