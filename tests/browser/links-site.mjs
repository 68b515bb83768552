/** A site for tests of links: what its addresses lead to is of every kind, and some lead nowhere. */
import http from 'node:http';
import * as pictures from '../site/pictures.mjs';
import { listen } from './pages.mjs';

/** What only a script writes. */
export const DRAWN = '海雾散尽之后，脚本才把这一段文字写到页面上。';

/** @typedef {{ status?: number, type?: string, body: string | Buffer, headers?: Record<string, string> }} Answer */

const HTML = 'text/html; charset=utf-8';

/**
 * @param {string} title
 * @param {string} body
 */
const article = (title, body) => `<!doctype html><html lang="zh"><meta charset="utf-8">
<title>${title}</title><link rel="icon" href="data:,"><h1>${title}</h1>${body}`;

const keeper = '看灯的人每天写一行日志，写风向，写雾，写过路的船。'.repeat(8);

const shell = `<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>应用</title>
<link rel="icon" href="data:,"></head><body><div id="root"></div>
<script src="/static/main.1a2b3c.js"></script></body></html>`;

const draw = `setTimeout(() => {
  document.title = '雾散之后';
  const text = document.createElement('p');
  text.textContent = '${DRAWN}'.repeat(12);
  document.querySelector('#root').append(text);
}, 400);`;

const challenge = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>Just a moment...</title><link rel="icon" href="data:,"></head><body>
<div class="main-wrapper"><noscript>Enable JavaScript and cookies to continue</noscript></div>
<script>window._cf_chl_opt = { cvId: '3', cType: 'managed' };</script>
<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script></body></html>`;

const markdown = `# 灯塔手册

值班的人先看风，再看灯，最后写**日志**。

1. 擦玻璃
2. 添油
   - 夏天一次
   - 冬天两次

| 月份 | 雾天 | 过船 |
| --- | ---: | ---: |
| 三月 | 12 | 340 |
| 四月 | 7 | 512 |

> 雾里的人看不见灯，但是知道灯在那里。

\`\`\`c
for (int hour = 0; hour < 24; hour++) {
  lamp_turn(hour);
}
\`\`\`

See [the log](/page) and \`lamp_turn\`.
`;

const feed = `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>灯塔周报</title><link>http://example.com/</link>
<description>每周一次的灯塔消息</description>
${[1, 2, 3]
  .map(
    (n) => `<item><title>第 ${n} 期：雾与船</title><link>http://example.com/${n}</link>
<pubDate>Mon, 0${n} Jun 2026 08:00:00 GMT</pubDate>
<description>&lt;p&gt;这一周有 ${n} 天大雾，灯一直亮着。&lt;/p&gt;</description></item>`,
  )
  .join('\n')}
</channel></rss>`;

const json = JSON.stringify({
  name: '北角灯塔',
  height: 31.5,
  lit: true,
  keepers: [
    { name: '林灯', since: 1998 },
    { name: 'Ada', since: 2011, note: null },
  ],
});

/**
 * A PDF of one page.
 *
 * @param {string} text - in Latin letters
 */
export function pdf(text) {
  const content = `BT /F1 24 Tf 72 700 Td (${text}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    '<< /Title (Lighthouse paper) >>',
  ];
  let file = '%PDF-1.4\n';
  const places = objects.map((object, i) => {
    const place = file.length;
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(place).padStart(10, '0')} 00000 n \n`;
  });
  const start = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.join('')}`;
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}

/** 灯还亮着, as older sites write it. */
const gbk = Buffer.from('b5c6bbb9c1c1d7c5a3ac', 'hex');

/** @type {Record<string, Answer>} */
const ROUTES = {
  '/page': { body: article('灯塔值班日志', `<p>${keeper}</p><p>Fog signals and lamps.</p>`) },
  '/paper.pdf': { type: 'application/pdf', body: pdf('Kerosene lamps of the northern capes') },
  '/notes.md': { type: 'text/markdown; charset=utf-8', body: markdown },
  '/app': { body: shell },
  '/static/main.1a2b3c.js': { type: 'text/javascript; charset=utf-8', body: draw },
  '/challenge': { status: 403, body: challenge },
  '/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1': {
    type: 'text/javascript',
    body: ';',
  },
  '/feed.xml': { type: 'application/rss+xml', body: feed },
  '/data.json': { type: 'application/json', body: json },
  '/coast.png': { type: 'image/png', body: pictures.landscape(680, 300, 3) },
  '/letter.txt': { type: 'text/plain; charset=gbk', body: gbk },
  '/lamp.bin': { type: 'application/octet-stream', body: Buffer.alloc(2048, 7) },
  '/unsaved': { body: article('没有存下的一页', `<p>${keeper}</p>`) },
  '/list': {
    body: article(
      '一页链接',
      `<p id="all"><a id="one" href="/linked/one">第一条</a> <a href="/linked/two">第二条</a>
       <span id="here">http://{host}/linked/three</span></p><p><a id="alone" href="/linked/alone">另外一条</a></p>`,
    ),
  },
};

/**
 * Every path below /linked/, /slow/ and /many/ is a page of its own.
 */
export async function startLinksSite() {
  /** Paths, in the order in which they were asked for. @type {string[]} */
  const requests = [];
  /** What is no longer there. @type {Set<string>} */
  const gone = new Set();
  /** Answers that are held back, and the addresses of which. @type {{ path: string, send: () => void }[]} */
  let held = [];
  /** @type {RegExp | null} */
  let holding = null;
  let origin = '';

  /** @param {string} path @returns {Answer} */
  function find(path) {
    if (gone.has(path)) {
      return { status: 404, body: article('Not Found', '<p>There is no such page.') };
    }
    if (/^\/(linked|slow|many)\//.test(path)) {
      return { body: article(`一页 ${path}`, `<p>${path}：${keeper}</p>`) };
    }
    return ROUTES[path] ?? { status: 404, body: article('Not Found', '<p>No such page.') };
  }

  const server = http.createServer((request, response) => {
    const { pathname } = new URL(String(request.url), 'http://localhost');
    requests.push(String(request.url));
    const send = () => {
      const { status = 200, type = HTML, body, headers } = find(pathname);
      response.writeHead(status, { 'content-type': type, ...headers });
      response.end(typeof body === 'string' ? body.replaceAll('{host}', origin.slice(7)) : body);
    };
    if (holding?.test(pathname)) {
      held.push({ path: pathname, send });
    } else {
      send();
    }
  });
  origin = `http://127.0.0.1:${await listen(server)}`;
  return {
    origin,
    requests,
    gone,
    /**
     * From now on these alone are not answered.
     *
     * @param {RegExp | null} paths
     */
    hold(paths) {
      holding = paths;
      const all = held;
      held = all.filter(({ path }) => paths?.test(path));
      all.filter(({ path }) => !paths?.test(path)).forEach(({ send }) => send());
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
