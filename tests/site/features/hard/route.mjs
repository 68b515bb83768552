/** Pages that are hard on a capture, made when they are asked for. */

/** @param {string} body @param {string} [type] */
const answer = (body, type = 'text/html; charset=utf-8') => ({
  headers: { 'content-type': type },
  body,
});

/** @param {string} body */
const page = (body) => answer(`<!doctype html><meta charset="utf-8"><title>hard</title>${body}`);

/** @param {string} body */
const sheet = (body) => answer(body, 'text/css');

const MIB = 1024 * 1024;

/** @type {Map<number, string>} */
const large = new Map();

/** @param {number} mib */
function largeSheet(mib) {
  let text = large.get(mib);
  if (!text) {
    // Chromium takes no more than 262,144 rules.
    const rule = `.never-used { ${'color: red; margin: 0 auto; '.repeat(40)} }\n`;
    text = `${rule.repeat(Math.ceil((mib * MIB) / rule.length))}#last { background: green }`;
    large.set(mib, text);
  }
  return text;
}

const BOX = '<style>#last { width: 40px; height: 40px }</style><div id="last"></div>';

/** @type {Record<string, (search: URLSearchParams) => import('../server.mjs').Answer>} */
const PAGES = {
  // Frames come, go and change their place all the time.
  frames: () =>
    page(`<p id="text">frames come and go</p><div id="frames"></div><script>
      const names = ['inner?a', 'inner?b', 'inner?c'];
      setInterval(() => {
        const all = document.querySelectorAll('iframe');
        if (all.length > 12) all[Math.floor(Math.random() * all.length)].remove();
        const frame = document.createElement('iframe');
        frame.src = names[Math.floor(Math.random() * 3)];
        document.getElementById('frames').append(frame);
        all[0]?.contentWindow?.location.replace(names[1] + Math.random());
      }, 25);
    </script>`),
  inner: () => page('<p>an inner page</p>'),
  // Adds, changes and removes without end, and grows when it is scrolled.
  restless: () =>
    page(`<p id="text">never at rest</p><div id="feed" style="min-height: 3000px"></div><script>
      const feed = document.getElementById('feed');
      let count = 0;
      const turn = () => {
        const p = document.createElement('p');
        p.textContent = 'number ' + ++count;
        feed.append(p);
        if (count > 200) feed.firstChild.remove();
        document.getElementById('text').title = String(count);
        requestAnimationFrame(turn);
      };
      turn();
      addEventListener('scroll', () => {
        const more = document.createElement('div');
        more.style.height = '4000px';
        more.innerHTML = '<img src="/_/green.png?' + count + '">';
        document.body.append(more);
      });
    </script>`),
  elements: () => page(`<p id="text">many</p>${'<b>x</b>'.repeat(50_000)}`),
  'sheet-large': () => page(`<link rel="stylesheet" href="large.css">${BOX}`),
  'large.css': () => sheet(largeSheet(30)),
  'sheet-too-large': () => page(`<link rel="stylesheet" href="too-large.css">${BOX}`),
  'too-large.css': () => sheet(largeSheet(33)),
  // Hidden and lazy, so that the browser itself has nothing to do with them.
  images: () =>
    page(
      Array.from(
        { length: 5000 },
        (_, i) => `<img loading="lazy" hidden src="tile.svg?${i}" alt="">`,
      ).join(''),
    ),
  'tile.svg': () =>
    answer('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', 'image/svg+xml'),
  nests: () => page(`<link rel="stylesheet" href="nests.css"><p id="text">nests</p>${BOX}`),
  'nests.css': () =>
    sheet(
      [
        `#a { background: ${'url('.repeat(100_000)}x${')'.repeat(100_000)} }`,
        `#b { background: ${'image-set('.repeat(9)}url(/_/green.png)${')'.repeat(9)} }`,
        `#c { background: ${'var(--x,'.repeat(9)} red ${')'.repeat(9)} }`,
        `${'@media screen {'.repeat(50)} #d { color: red } ${'}'.repeat(50)}`,
        `#e { ${'[({'.repeat(50)} ${'})]'.repeat(50)} }`,
        '#last { background: green }',
      ].join('\n'),
    ),
  circles: () =>
    page(`<link rel="stylesheet" href="circle.css?0"><link rel="stylesheet" href="chain.css?0">
      <p id="text">circles</p>${BOX}`),
  'circle.css': (search) => {
    const [number] = search.keys();
    const next = (Number(number) + 1) % 5;
    const self = `@import "circle.css?${number}"; @import "circle.css?${next}";`;
    return sheet(`${self} #last { background: green }`);
  },
  'chain.css': (search) => {
    const [number] = search.keys();
    const next = Number(number) < 100 ? `@import "chain.css?${Number(number) + 1}"; ` : '';
    return sheet(`${next}.chain-${number} { color: red }`);
  },
  blocked: () =>
    page(`<p id="text">blocked for a while</p><script>
      window.block = () => { for (const end = Date.now() + 3000; Date.now() < end;); };
    </script>`),
  hanging: () => page('<p id="text">waits</p>'),
};

/** @type {import('../server.mjs').Route} */
export default function route({ path, url, response }) {
  if (path === 'never') {
    // Its head comes, its body never does.
    response.writeHead(200, { 'content-type': 'image/png' }).flushHeaders();
    return undefined;
  }
  return PAGES[path]?.(url.searchParams) ?? null;
}
