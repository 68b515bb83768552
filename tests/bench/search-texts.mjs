/**
 * Real text for `make bench-search`: the documentation in some packages of the registry that apt on
 * this machine is set up with, as paragraphs by language.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { fetchPackage } from './corpus-fetch.mjs';

/** @typedef {'html' | 'mallard' | 'roff' | 'fortune'} Form */
/** @typedef {{language: string, package: string, folder: string, form: Form, most?: number}} Source */

/** At most so many bytes of paragraphs from one source, so that none drowns the others. */
const MOST = 12e6;

/** @type {Source[]} */
const SOURCES = [
  { language: 'zh', package: 'libreoffice-help-zh-cn', folder: 'zh-CN/text', form: 'html' },
  { language: 'zh', package: 'gnome-user-docs', folder: 'help/zh_CN', form: 'mallard' },
  { language: 'zh', package: 'debian-handbook', folder: 'html/zh-CN', form: 'html' },
  { language: 'zh', package: 'debian-reference-zh-cn', folder: 'usr/share', form: 'html' },
  { language: 'zh', package: 'maint-guide-zh-cn', folder: 'html', form: 'html' },
  { language: 'zh', package: 'manpages-zh', folder: 'man/zh_CN', form: 'roff' },
  { language: 'zh', package: 'fortunes-zh', folder: 'fortunes', form: 'fortune' },
  { language: 'zh-TW', package: 'libreoffice-help-zh-tw', folder: 'zh-TW/text', form: 'html' },
  { language: 'zh-TW', package: 'manpages-zh', folder: 'man/zh_TW', form: 'roff' },
  { language: 'en', package: 'python3.11-doc', folder: 'html', form: 'html' },
  { language: 'en', package: 'sqlite3-doc', folder: 'doc', form: 'html' },
  { language: 'en', package: 'postgresql-doc-15', folder: 'doc', form: 'html' },
  { language: 'en', package: 'debian-handbook', folder: 'html/en-US', form: 'html' },
  { language: 'ja', package: 'debian-handbook', folder: 'html/ja-JP', form: 'html' },
  { language: 'ko', package: 'debian-handbook', folder: 'html/ko-KR', form: 'html' },
  { language: 'ru', package: 'debian-handbook', folder: 'html/ru-RU', form: 'html' },
  { language: 'fr', package: 'debian-handbook', folder: 'html/fr-FR', form: 'html' },
];

/** @type {Record<Form, {file: RegExp, paragraphs: (text: string) => string[]}>} */
const FORMS = {
  html: { file: /\.html$/, paragraphs: ofMarkup },
  mallard: { file: /\.page$/, paragraphs: ofMarkup },
  roff: { file: /\.\d\w*\.gz$/, paragraphs: ofRoff },
  fortune: { file: /\/[a-z]+\d*$/, paragraphs: ofFortunes },
};

/** @type {Record<string, string>} */
const ENTITIES = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&', nbsp: ' ', para: '' };

/** @param {string} text */
function ofMarkup(text) {
  const body = /<body[^]*/i.exec(text)?.[0] ?? text.replace(/<info>[^]*?<\/info>/, '');
  return body
    .replace(/<!--[^]*?-->|<(script|style|nav|header|aside|svg)\b[^]*?<\/\1>/gi, '\n')
    .replace(/\s+/g, ' ')
    .replace(/<\/?(p|div|h\d|li|td|th|dt|dd|pre|title|item|section|table|br)\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, number) => String.fromCodePoint(Number(number)))
    .replace(/&([a-z]+);/g, (whole, name) => ENTITIES[name] ?? whole)
    .split('\n');
}

/** @param {string} text */
function ofRoff(text) {
  return text
    .replace(/^\.\\".*$/gm, '')
    .replace(/^\.(SH|SS|PP|P|TP|IP|br|sp|LP|TH).*$/gm, '\0')
    .replace(/^[.'][A-Za-z]+ ?/gm, '')
    .replace(/\\f.|\\&|\\s[+-]?\d|"/g, '')
    .replace(/\\\((..)|\\(.)/g, (_, name, sign) => sign ?? (name ? ' ' : ''))
    .replace(/([\u3000-\uffef])\n(?=[\u3000-\uffef])/g, '$1')
    .replaceAll('\n', ' ')
    .split('\0');
}

/** @param {string} text */
function ofFortunes(text) {
  return text
    .replace(/\x1b\[\d*m/g, '') // eslint-disable-line no-control-regex
    .split(/^%$/m)
    .map((entry) => entry.trim().replace(/\n+/g, ' '));
}

/** @param {string} folder @param {RegExp} name @returns {AsyncGenerator<string>} */
async function* walk(folder, name) {
  const entries = await fs.readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      yield* walk(file, name);
    } else if (entry.isFile() && name.test(file)) {
      yield file;
    }
  }
}

/**
 * @param {Source} source
 * @returns {Promise<string[]>}
 */
async function paragraphsOf(source) {
  const folder = await fetchPackage(`deb:${source.package}`);
  const { file: pattern, paragraphs } = FORMS[source.form];
  const seen = new Set();
  const found = [];
  let bytes = 0;
  for await (const file of walk(folder, pattern)) {
    if (!file.includes(`/${source.folder}/`) || bytes > MOST) {
      continue;
    }
    const packed = await fs.readFile(file);
    const text = (file.endsWith('.gz') ? gunzipSync(packed) : packed).toString('utf8');
    for (const line of paragraphs(text)) {
      const paragraph = line.replace(/\s+/g, ' ').trim();
      // Menus, and what stands on every page, are no text.
      const isText = Buffer.byteLength(paragraph) >= 30 && !paragraph.includes('\ufffd');
      if (isText && !seen.has(paragraph)) {
        seen.add(paragraph);
        found.push(paragraph);
        bytes += Buffer.byteLength(paragraph);
      }
    }
  }
  if (found.length === 0) {
    throw new Error(`${source.package} holds no text of the form that is looked for`);
  }
  return found;
}

/**
 * All paragraphs, by language and source; those of one source stand in their own order.
 *
 * @returns {Promise<Map<string, string[][]>>}
 */
export async function readTexts() {
  /** @type {Map<string, string[][]>} */
  const texts = new Map();
  for (const source of SOURCES) {
    const list = texts.get(source.language) ?? [];
    list.push(await paragraphsOf(source));
    texts.set(source.language, list);
  }
  return texts;
}
