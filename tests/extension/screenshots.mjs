/**
 * Pictures of every page in every state, in both languages and both themes, at every width:
 *
 *     node tests/extension/screenshots.mjs [WORD]...
 *
 * Those whose names contain a WORD, or all. They are left in build/screenshots/, with an index.html that
 * shows them side by side.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { root } from './files.mjs';
import { SCREENS, openScreen, settle, viewportOf, widthsOf } from './screens.mjs';
import { openBrowser } from './ui-harness.mjs';

/** @typedef {import('./screens.mjs').Screen} Screen */

const FOLDER = fileURLToPath(new URL('build/screenshots/', root));
const LOCALES = /** @type {const} */ (['zh_CN', 'en']);
const THEMES = /** @type {const} */ (['light', 'dark']);

/** @param {string} name */
const fileName = (name) => name.replaceAll(/[^a-z]+/gi, '-').replaceAll(/^the-|-$/gi, '');

/**
 * @param {Awaited<ReturnType<typeof openBrowser>>} browser
 * @param {string} locale
 * @param {string} name
 * @param {Screen} screen
 */
async function shoot(browser, locale, name, screen) {
  const { tab } = await openScreen(browser, screen, { locale, dark: false });
  for (const width of widthsOf(screen)) {
    await tab.setViewport(viewportOf(width, screen));
    for (const theme of THEMES) {
      await tab.emulateMediaFeatures([
        { name: 'prefers-color-scheme', value: theme },
        { name: 'prefers-reduced-motion', value: 'reduce' },
      ]);
      await settle(tab);
      const file = `${fileName(name)}-${width}-${locale}-${theme}.png`;
      const to = /** @type {`${string}.png`} */ (path.join(FOLDER, file));
      await tab.screenshot({ path: to });
    }
  }
  await tab.close();
}

/** @param {[name: string, screen: Screen][]} screens */
function indexOf(screens) {
  const sections = screens.map(([name, screen]) => {
    const rows = widthsOf(screen).map((width) => {
      const pictures = LOCALES.flatMap((locale) =>
        THEMES.map((theme) => {
          const file = `${fileName(name)}-${width}-${locale}-${theme}.png`;
          const alt = `${name}, ${locale}, ${theme}, ${width} px wide`;
          return `<a href="${file}"><img src="${file}" alt="${alt}" loading="lazy" /></a>`;
        }),
      );
      return `<h3>${width} px</h3>\n<p>${pictures.join('\n')}</p>`;
    });
    return `<h2 id="${fileName(name)}">${name}</h2>\n${rows.join('\n')}`;
  });
  const list = screens.map(([name]) => `<li><a href="#${fileName(name)}">${name}</a></li>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width" />
<title>Linksnap, every screen</title>
<style>
body { margin: 2rem; font: 15px/1.5 system-ui, sans-serif; color: #1a1d1c; background: #e4e4de; }
ul { columns: 4 18rem; }
h2 { margin-block: 3rem 0; }
p { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 1rem; margin: 0; }
img { max-width: 100%; box-shadow: 0 1px 6px rgb(0 0 0 / 30%); }
</style>
<h1>Linksnap, every screen</h1>
<ul>
${list.join('\n')}
</ul>
${sections.join('\n')}
</html>
`;
}

const wanted = process.argv.slice(2);
const screens = SCREENS.filter(
  ([name]) => wanted.length === 0 || wanted.some((word) => name.includes(word)),
);
await fs.mkdir(FOLDER, { recursive: true });
/** @type {Set<string>} */
const failed = new Set();
await Promise.all(
  LOCALES.map(async (locale) => {
    const browser = await openBrowser();
    try {
      for (const [name, screen] of screens) {
        await shoot(browser, locale, name, screen).catch((error) => {
          failed.add(name);
          console.error(`${name} (${locale}): ${error.message}`);
        });
      }
    } finally {
      await browser.close();
    }
  }),
);
await fs.writeFile(path.join(FOLDER, 'index.html'), indexOf(screens));
console.log(`${screens.length - failed.size} screens of ${screens.length} in ${FOLDER}index.html`);
process.exitCode = failed.size ? 1 : 0;
