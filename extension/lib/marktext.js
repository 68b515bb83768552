/** Highlights as Markdown: a heading for each page, each quote with its note below it. */

/** @typedef {import('./inks.js').Highlight} Highlight */

/**
 * @param {{ title: string, url: string, marks: Highlight[] }[]} pages
 * @returns {string}
 */
export function marksAsMarkdown(pages) {
  const parts = pages.map(({ title, url, marks }) => {
    const name = escaped(title || url);
    const heading = url
      ? `## [${name}](<${url.replace(/[<>\n]/g, encodeURIComponent)}>)`
      : `## ${name}`;
    const quotes = marks.map(({ note, quote }) => {
      const lines = quote.split('\n').map((line) => `> ${escaped(line)}`.trimEnd());
      return note ? `${lines.join('\n')}\n\n${note}` : lines.join('\n');
    });
    return [heading, ...quotes].join('\n\n');
  });
  return `${parts.join('\n\n')}\n`;
}

/** What would be marks is text. @param {string} text */
function escaped(text) {
  const plain = text.replace(/\s+/g, ' ').trim();
  return plain.replace(/[\\`*_[\]<>]/g, '\\$&').replace(/^([#+-]|\d+[.)])(?=\s|$)/, '\\$1');
}
