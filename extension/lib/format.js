/** Numbers, sizes, times and addresses as people read them. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

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
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: digits });
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
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
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
    ? new Intl.DateTimeFormat(language, { timeStyle: 'short' }).format(time)
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
  return new Intl.DateTimeFormat(language, {
    year: sameYear ? undefined : 'numeric',
    month: 'short',
    day: 'numeric',
  }).format(time);
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
  const relative = new Intl.RelativeTimeFormat(language, { style: 'short' });
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
  return new Intl.DateTimeFormat(language, { dateStyle, timeStyle: 'short' }).format(time);
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

/**
 * A name for a file that every system takes.
 *
 * @param {string} title
 * @returns {string}
 */
export function fileName(title) {
  // eslint-disable-next-line no-control-regex
  const safe = title.replace(/[\u0000-\u001f\u007f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]+/g, ' ');
  const short = [...safe.replace(/\s+/g, ' ').trim()].slice(0, 80).join('');
  return `${short.replace(/^[.\s]+|[.\s]+$/g, '') || 'snapshot'}.html`;
}

/** @param {string} url */
function parse(url) {
  try {
    return new URL(url);
  } catch {
    return null;
  }
}
