import { encode } from '../encode.mjs';

/** @param {string} name */
const rule = (name) => `.${name} { background: green } .${name}::after { content: "快照" }`;

/** @type {Record<string, { type: string, body: () => Uint8Array }>} */
const SHEETS = {
  'header.css': { type: 'text/css; charset=gbk', body: () => encode(rule('绿头'), 'gbk') },
  'rule.css': {
    type: 'text/css',
    body: () => encode(`@charset "gb2312";\n${rule('绿则')}`, 'gbk'),
  },
  'attribute.css': { type: 'text/css', body: () => encode(rule('绿属'), 'gbk') },
  'document.css': { type: 'text/css', body: () => encode(rule('绿文'), 'utf-8') },
  'mark.css': {
    type: 'text/css; charset=gbk',
    body: () => encode(`\uFEFF@charset "gbk";\n${rule('绿号')}`, 'utf-8'),
  },
  'wide.css': { type: 'text/css', body: () => encode(`\uFEFF${rule('绿宽')}`, 'utf-16le') },
  'header-wins.css': {
    type: 'text/css; charset=gbk',
    body: () => encode(`@charset "utf-8";\n${rule('绿胜')}`, 'gbk'),
  },
};

/** @type {import('../server.mjs').Route} */
export default function route({ path }) {
  const sheet = SHEETS[path];
  return sheet ? { headers: { 'content-type': sheet.type }, body: sheet.body() } : null;
}
