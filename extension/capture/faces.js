/**
 * The page walker: which fonts a page uses, and those that scripts added (`document.fonts.add(new FontFace(…))`). A face does not
 * tell its source, but the browser lists what the page has loaded.
 */
globalThis.linksnap.faces = (() => {
  const { nodes, styles } = globalThis.linksnap;

  /** Rules and loaded files that are looked at. */
  const MOST_RULES = 20_000;
  const MOST = 200;
  const MOST_FACES = 5000;

  const FONT = /\.(woff2?|ttf|otf)$/i;

  /** @type {(document: Document) => FontFaceSet | undefined} */
  const fontsOf = nodes.getter(Document.prototype, 'fonts');
  /** @type {(document: Document) => Iterable<CSSStyleSheet>} */
  const sheetsOf = nodes.getter(Document.prototype, 'styleSheets');
  /** @type {(document: Document) => Iterable<CSSStyleSheet> | undefined} */
  const adoptedOf = nodes.getter(Document.prototype, 'adoptedStyleSheets');

  /** @param {string} text - a family, or the name of a file */
  const plain = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

  /**
   * The families and files that rules name.
   *
   * @param {Document} document
   */
  function named(document) {
    const families = new Set();
    const files = new Set();
    /** @type {any[]} */
    const waiting = [...sheetsOf(document), ...(adoptedOf(document) ?? [])];
    let left = MOST_RULES;
    for (let each = waiting.pop(); each && left > 0; each = waiting.pop()) {
      for (const rule of styles.rulesOf(each) ?? []) {
        left--;
        if (rule instanceof CSSFontFaceRule) {
          families.add(plain(rule.style.getPropertyValue('font-family')));
          for (const [, url] of rule.style.getPropertyValue('src').matchAll(/url\("?([^")]+)/g)) {
            files.add(fileOf(url));
          }
        } else if ('styleSheet' in rule) {
          waiting.push(rule.styleSheet);
        } else if ('cssRules' in rule && !('selectorText' in rule)) {
          waiting.push(rule);
        }
      }
    }
    return { families, files };
  }

  /** @param {string} url */
  const fileOf = (url) => url.split(/[?#]/)[0].split('/').pop() ?? '';

  /**
   * The files of the faces, as far as there is one answer: the one file whose name holds that of the
   * family, or the one that is left for the one face that is left.
   *
   * @param {FontFace[]} faces
   * @param {PerformanceResourceTiming[]} entries
   * @returns {[FontFace, string][]}
   */
  function match(faces, entries) {
    /** @type {[FontFace, string][]} */
    const found = [];
    const urls = new Set(entries.map(({ name }) => name));
    const alone = faces.filter((face) => {
      const alike = [...urls].filter((url) => plain(fileOf(url)).includes(plain(face.family)));
      const isOnly = alike.length === 1 && plain(face.family) !== '';
      if (isOnly) {
        found.push([face, alike[0]]);
      }
      return !isOnly;
    });
    found.forEach(([, url]) => urls.delete(url));
    const loaded = entries.filter(
      ({ name, initiatorType }) => urls.has(name) && !/fetch|xmlhttp/.test(initiatorType),
    );
    return alone.length === 1 && loaded.length === 1
      ? [...found, [alone[0], loaded[0].name]]
      : found;
  }

  /**
   * @param {Document} document
   * @returns {string} the rules for these fonts
   */
  function rules(document) {
    const faces = [...(fontsOf(document) ?? [])].filter(({ status }) => status === 'loaded');
    if (faces.length === 0 || faces.length > MOST) {
      return '';
    }
    const { families, files } = named(document);
    const added = faces.filter(({ family }) => !families.has(plain(family)));
    if (added.length === 0) {
      return '';
    }
    const entries = /** @type {PerformanceResourceTiming[]} */ (
      performance.getEntriesByType('resource')
    );
    const fonts = entries.filter(
      ({ name }) => /^https?:/.test(name) && FONT.test(fileOf(name)) && !files.has(fileOf(name)),
    );
    return match(added, fonts.slice(0, MOST))
      .map(([face, url]) => write(face, url))
      .join('\n');
  }

  /**
   * @param {FontFace} face
   * @param {string} url
   */
  function write({ family, style, weight, stretch, unicodeRange }, url) {
    const name = CSS.escape(family.replace(/^(["'])(.*)\1$/, '$2'));
    return (
      `@font-face { font-family: ${name}; src: url(${JSON.stringify(url)}); font-style: ${style}; ` +
      `font-weight: ${weight}; font-stretch: ${stretch}; unicode-range: ${unicodeRange} }`
    );
  }

  /**
   * The name of a face as the host knows it (host/PROTOCOL.md).
   *
   * @param {FontFace} face
   */
  function keyOf({ family, weight, style }) {
    const name = family.replace(/^(["'])(.*)\1$/, '$2').replace(/\\(.)/g, '$1');
    const number = weight.replace(/^normal$/, '400').replace(/^bold$/, '700');
    return `${name}|${number}|${style}`.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  }

  /**
   * Browsers load a face when there is text to be shown in it.
   *
   * @param {Document} document
   * @returns {{ used: string[], unused: string[] }}
   */
  function usage(document) {
    const faces = [...(fontsOf(document) ?? [])].slice(0, MOST_FACES);
    const isUnused = (/** @type {FontFace} */ { status }) => status === 'unloaded';
    return {
      used: [...new Set(faces.filter((face) => !isUnused(face)).map(keyOf))],
      unused: [...new Set(faces.filter(isUnused).map(keyOf))],
    };
  }

  return { rules, usage };
})();
