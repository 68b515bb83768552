import { encode } from '../encode.mjs';

const TEXTS = {
  zh: ['链接快照', '绿色的方块'],
  'zh-Hant': ['連結快照', '綠色的方塊'],
  ja: ['リンクの写し', '緑の四角'],
  de: ['Grüße', 'größer'],
};

/** @type {Record<string, { lang: keyof typeof TEXTS, label: string, type?: string, head?: string, mark?: boolean }>} */
const PAGES = {
  gbk: { lang: 'zh', label: 'gbk', head: '<meta charset="gb2312">' },
  'gbk-header': { lang: 'zh', label: 'gbk', type: 'text/html; charset=GBK' },
  big5: {
    lang: 'zh-Hant',
    label: 'big5',
    head: '<meta http-equiv="Content-Type" content="text/html; charset=big5">',
  },
  'shift-jis': { lang: 'ja', label: 'shift_jis', head: '<meta charset="Shift_JIS">' },
  'euc-jp': { lang: 'ja', label: 'euc-jp', type: 'text/html; charset=euc-jp' },
  'utf-16le': { lang: 'zh', label: 'utf-16le', mark: true },
  'utf-16be': { lang: 'zh', label: 'utf-16be', type: 'text/html; charset=utf-16be' },
  'latin-1': { lang: 'de', label: 'windows-1252', type: 'text/html; charset=iso-8859-1' },
  'utf-8': {
    lang: 'zh',
    label: 'utf-8',
    type: 'text/html; charset=utf-8',
    head: '<meta charset="gbk">',
  },
};

/** @type {import('../server.mjs').Route} */
export default function route({ path, url }) {
  const page = PAGES[path];
  if (page) {
    const { lang, label, type = 'text/html', head = '', mark = false } = page;
    const [title, text] = TEXTS[lang];
    const html = `${mark ? '\uFEFF' : ''}<!doctype html><html lang="${lang}">${head}<title>${title}</title>
<link rel="stylesheet" href="sheet.css?${label}&${lang}"><p id="text">${text}</p><div class="${title}" id="box"></div>`;
    return { headers: { 'content-type': type }, body: encode(html, label) };
  }
  if (path === 'sheet.css') {
    const [label, lang] = url.search.slice(1).split('&');
    const [title, text] = TEXTS[/** @type {keyof typeof TEXTS} */ (lang)];
    // It says nothing of its character set, so it has that of the page (CSS Syntax §3.2).
    const css = `.${title} { background: green; width: 40px; height: 40px } p::after { content: "${text}" }`;
    return { headers: { 'content-type': 'text/css' }, body: encode(css, label) };
  }
  return null;
}
