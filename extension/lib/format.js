/** Numbers, sizes, times and addresses as people read them. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Formatters that were made once. Making one costs far more than using it, and a list uses some in
 * every row.
 *
 * @type {Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>}
 */
const made = new Map();

/**
 * @template {Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat} T
 * @param {new (language: string, options: any) => T} Kind
 * @param {string} language
 * @param {object} options
 * @returns {T}
 */
function formatter(Kind, language, options) {
  const key = `${Kind.name} ${language} ${JSON.stringify(options)}`;
  const known = made.get(key) ?? new Kind(language, options);
  made.set(key, known);
  return /** @type {T} */ (known);
}

/**
 * @param {number} size
 * @param {string} language
 * @returns {string} such as `812 B`, `1.8 MB`
 */
export function bytes(size, language) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let value = Math.max(0, size);
  while (unit < units.length - 1 && value >= (unit === 0 ? 1000 : 999.5)) {
    value /= 1000;
    unit++;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  const number = formatter(Intl.NumberFormat, language, { maximumFractionDigits: digits });
  return `${number.format(value)}\u00a0${units[unit]}`;
}

/**
 * A time in the past, as short as it can be told apart: minutes, then hours, `yesterday`, a day, and
 * the year only where it is another.
 *
 * @param {number} time - milliseconds
 * @param {number} now
 * @param {string} language
 * @param {string} justNow - for less than a minute
 * @returns {string}
 */
export function ago(time, now, language, justNow) {
  const style = { numeric: 'auto', style: 'short' };
  const relative = formatter(Intl.RelativeTimeFormat, language, style);
  const age = now - time;
  if (age < MINUTE) {
    return justNow;
  }
  if (age < HOUR) {
    return relative.format(-Math.floor(age / MINUTE), 'minute');
  }
  const days = Math.round((midnight(now) - midnight(time)) / DAY);
  if (days === 0) {
    return relative.format(-Math.floor(age / HOUR), 'hour');
  }
  if (days === 1) {
    return relative.format(-1, 'day');
  }
  return day(time, now, language);
}

/**
 * When something was, to stand after `since`.
 *
 * @param {number} time - milliseconds
 * @param {number} now
 * @param {string} language
 * @returns {string} the time of a day that is not over yet, else the day
 */
export function since(time, now, language) {
  return midnight(time) === midnight(now)
    ? formatter(Intl.DateTimeFormat, language, { timeStyle: 'short' }).format(time)
    : day(time, now, language);
}

/**
 * @param {number} time
 * @param {number} now
 * @param {string} language
 * @returns {string} with the year only where it is another
 */
function day(time, now, language) {
  const sameYear = new Date(now).getFullYear() === new Date(time).getFullYear();
  const year = sameYear ? {} : { year: 'numeric' };
  const options = { ...year, month: 'short', day: 'numeric' };
  return formatter(Intl.DateTimeFormat, language, options).format(time);
}

/**
 * A time to come.
 *
 * @param {number} time - milliseconds
 * @param {number} now
 * @param {string} language
 * @returns {string} such as `in 3 min.`
 */
export function until(time, now, language) {
  const relative = formatter(Intl.RelativeTimeFormat, language, { style: 'short' });
  const seconds = Math.max(1, Math.ceil((time - now) / 1000));
  return seconds < 60
    ? relative.format(seconds, 'second')
    : relative.format(Math.round(seconds / 60), 'minute');
}

/**
 * @param {number} time
 * @param {string} language
 * @param {'long' | 'medium'} [dateStyle]
 * @returns {string} day and time
 */
export function moment(time, language, dateStyle = 'long') {
  return formatter(Intl.DateTimeFormat, language, { dateStyle, timeStyle: 'short' }).format(time);
}

/** @param {number} time */
function midnight(time) {
  return new Date(time).setHours(0, 0, 0, 0);
}

/**
 * The host of a URL without `www.`, to show where something comes from.
 *
 * @param {string} url
 * @returns {string} the URL itself when it is none
 */
export function site(url) {
  return parse(url)?.host.replace(/^www\./, '') || url;
}

/**
 * A URL without what every URL has, to tell many apart at a glance.
 *
 * @param {string} url
 * @returns {string}
 */
export function shortUrl(url) {
  return url.replace(/^https?:\/\/(?:www\.)?/i, '').replace(/\/$/, '');
}

/**
 * What a person typed or pasted, as the URL of a page, or null when it reads as anything else. A
 * scheme may be left out where a path or `www.` shows that an address is meant, since `node.js` is
 * something to search for.
 *
 * @param {string} text
 * @returns {string | null}
 */
export function typedUrl(text) {
  const typed = text.trim();
  if (/\s/.test(typed)) {
    return null;
  }
  if (/^https?:\/\//i.test(typed)) {
    return parse(typed)?.href ?? null;
  }
  const bare = /^(?:[^\s./:?#@]+\.)+[^\s./:?#@]{2,}(?::\d+)?(?:$|\/)/;
  if (bare.test(typed) && (typed.includes('/') || /^www\./i.test(typed))) {
    return parse(`https://${typed}`)?.href ?? null;
  }
  return null;
}

/**
 * Whether a text is something else than one address, but may hold some.
 *
 * @param {string} text
 * @returns {boolean}
 */
export function holdsLinks(text) {
  const isMore = /[\s，、；。]/.test(text.trim()) || typedUrl(text) === null;
  return isMore && /https?:\/\/|\bwww\.|\w\.\w{2,}\//i.test(text);
}

/** Of a file's name: room is left for an ending, and a number where there are two of a name. */
const NAME = { characters: 80, bytes: 200 };

/** What is no letter, or means something to a system: controls, half a character, marks of direction. */
const UNSAFE = /[\p{Cc}\p{Cs}<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** Windows takes these for devices, whatever their ending is. */
const DEVICES = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])(?=$|[ .])/i;

/**
 * A name for a file that every system takes.
 *
 * @param {string} title
 * @returns {string}
 */
export function fileName(title) {
  const safe = title.normalize('NFC').replace(UNSAFE, ' ').replace(/\s+/g, ' ').trim();
  const encoder = new TextEncoder();
  let [short, bytes] = ['', 0];
  for (const character of [...safe].slice(0, NAME.characters)) {
    bytes += encoder.encode(character).length;
    if (bytes > NAME.bytes) {
      break;
    }
    short += character;
  }
  // What joined the last character to one that is cut off is cut off, too.
  const name = short.replace(/^[.\s]+|(?:[.\s]|\u200d|\ufe0f)+$/g, '');
  return `${name.replace(DEVICES, '$1_') || 'snapshot'}.html`;
}

/** @param {string} url */
function parse(url) {
  try {
    return new URL(url);
  } catch {
    return null;
  }
}
