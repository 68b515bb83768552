/**
 * The page walker: sheets that a page loads from elsewhere, and whose rules a script has changed
 * since. The host fetches the source again, so what the source does not say is written beside it, or
 * instead of it. Only the source tells; the browser has it in its cache.
 */
globalThis.linksnap.sheets = (() => {
  const { styles, xml } = globalThis.linksnap;
  const { rulesOf, compare, element, mediaAttribute } = styles;

  /** Sources that are longer in bytes are not compared, nor more than so many. */
  const LONGEST = 1024 * 1024;
  const MOST = 60;

  /** How long the browser may take to hand out the sources. */
  const SOURCE_MS = 400;

  /** Sheets that import each other in a circle end here. */
  const DEEPEST = 5;

  const scope = /** @type {any} */ (globalThis);

  /** In Firefox the page's own, which has the page's own cache. @type {typeof fetch} */
  const fetchAsPage = (...request) => (scope.content ?? scope).fetch(...request);

  /**
   * @param {string} url
   * @param {RequestCredentials} credentials
   * @returns {Promise<string>}
   */
  async function fetchSource(url, credentials) {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), SOURCE_MS);
    try {
      const answer = await fetchAsPage(url, {
        cache: 'force-cache',
        credentials,
        signal: controller.signal,
      });
      if (!answer.ok || Number(answer.headers.get('content-length')) > LONGEST) {
        throw new RangeError('no source to compare with');
      }
      return await readText(answer);
    } finally {
      clearTimeout(timer);
      controller.abort();
    }
  }

  /** @param {Response} answer */
  async function readText(answer) {
    const reader = /** @type {ReadableStream<Uint8Array>} */ (answer.body).getReader();
    const charset = /charset=["']?([\w-]+)/i.exec(answer.headers.get('content-type') ?? '')?.[1];
    const decoder = new TextDecoder(charset ?? 'utf-8');
    let text = '';
    let length = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      length += part.value.length;
      if (length > LONGEST) {
        throw new RangeError('too long to compare');
      }
      text += decoder.decode(part.value, { stream: true });
    }
    return text + decoder.decode();
  }

  /**
   * @param {CSSRule} rule
   * @returns {rule is CSSImportRule}
   */
  const isImport = (rule) => 'styleSheet' in rule && 'href' in rule;

  /**
   * The conditions of an `@import` around rules.
   *
   * @param {any} rule
   * @param {string} text
   */
  function wrap({ layerName, supportsText }, text) {
    const layer = typeof layerName === 'string' ? `@layer ${layerName} {\n${text}\n}` : text;
    return supportsText ? `@supports (${supportsText}) {\n${layer}\n}` : layer;
  }

  /**
   * Compares the loaded sheets of one document with their sources.
   *
   * @param {(text: string) => CSSRuleList | null} parse
   */
  function comparer(parse) {
    /** @type {Map<string, Promise<string>>} */
    const sources = new Map();

    /**
     * @param {string} url
     * @param {RequestCredentials} credentials
     */
    function sourceOf(url, credentials) {
      let source = sources.get(url);
      if (!source) {
        source =
          sources.size < MOST
            ? fetchSource(url, credentials)
            : Promise.reject(new RangeError('too many sources'));
        sources.set(url, source);
      }
      return source;
    }

    /**
     * How a sheet differs from its source; the sheets that it imports count.
     *
     * @param {CSSStyleSheet} sheet
     * @param {RequestCredentials} credentials
     * @param {number} depth
     * @returns {Promise<{ own: import('./styles.js').Difference | null, imported: string[] | null } | null>}
     *   null when nothing is different, or nobody can tell
     */
    async function differenceOf(sheet, credentials, depth) {
      const rules = rulesOf(sheet);
      if (!rules || !sheet.href) {
        return null;
      }
      /** A source that nobody has any more is replaced by the rules. @type {string | null} */
      let source = null;
      try {
        source = await sourceOf(sheet.href, credentials);
      } catch {
        if (!sheet.href.startsWith('blob:')) {
          return null;
        }
      }
      const own = compare(rules, (source !== null && parse(source)) || [], source?.length ?? 0);
      const imported = await importsOf(rules, sheet.href, credentials, depth);
      return own || imported ? { own, imported } : null;
    }

    /**
     * What stands for the `@import` rules of a sheet, one text for each `<style>`.
     *
     * @param {CSSRuleList} rules
     * @param {string} base
     * @param {RequestCredentials} credentials
     * @param {number} depth
     * @returns {Promise<string[] | null>} null when all can stay
     */
    async function importsOf(rules, base, credentials, depth) {
      /** @type {CSSImportRule[]} */
      const imports = [];
      for (let i = 0; i < rules.length && i < MOST; i++) {
        const rule = rules[i];
        if (isImport(rule)) {
          imports.push(rule);
        }
      }
      if (imports.length === 0 || depth >= DEEPEST) {
        return null;
      }
      const found = await Promise.all(
        imports.map(({ styleSheet }) =>
          styleSheet ? differenceOf(styleSheet, credentials, depth + 1) : null,
        ),
      );
      if (found.every((difference) => difference === null)) {
        return null;
      }
      return imports.flatMap((rule, i) => {
        const { styleSheet, cssText, media } = rule;
        const from = (/** @type {string} */ url) => ` ls:base="${xml.escapeValue(url)}"`;
        if (!found[i] || !styleSheet?.href) {
          return [element(cssText, from(base))];
        }
        const around = from(styleSheet.href) + mediaAttribute(media.mediaText);
        const inner = [...(rulesOf(styleSheet) ?? [])].filter((each) => !isImport(each));
        return [...(found[i].imported ?? []), element(wrap(rule, styles.write(inner)), around)];
      });
    }

    /**
     * What is written for a `<link>`.
     *
     * @param {HTMLLinkElement} link
     * @param {string} tag - as it was written
     * @returns {Promise<string> | string} the same tag where nothing changed
     */
    function ofLink({ sheet, href, crossOrigin }, tag) {
      if (!sheet) {
        return tag;
      }
      const isOwn = href.startsWith(`${location.origin}/`);
      return isOwn && !rulesOf(sheet)
        ? ofUnread(href, tag)
        : ofSheet(sheet, tag, crossOrigin === 'use-credentials');
    }

    /**
     * A sheet of this site whose rules the browser keeps back: a redirect led elsewhere, or the answer
     * was no style sheet (Fetch §3.8), and it is not applied.
     *
     * @param {string} url
     * @param {string} tag
     * @returns {Promise<string>}
     */
    async function ofUnread(url, tag) {
      try {
        const signal = AbortSignal.timeout(SOURCE_MS);
        const { headers, redirected, body } = await fetchAsPage(url, {
          cache: 'force-cache',
          signal,
        });
        await body?.cancel();
        const isCss = /^text\/css\b/i.test(headers.get('content-type') ?? '');
        const isStrict = /^nosniff\b/i.test(headers.get('x-content-type-options') ?? '');
        return isStrict && !isCss && !redirected ? '' : tag;
      } catch {
        return tag;
      }
    }

    /**
     * @param {CSSStyleSheet} sheet
     * @param {string} tag
     * @param {boolean} [isSecret] - asked for with the cookies of another site
     * @returns {Promise<string>}
     */
    async function ofSheet(sheet, tag, isSecret = false) {
      const difference = await differenceOf(sheet, isSecret ? 'include' : 'same-origin', 0);
      if (!difference) {
        return tag;
      }
      const media = mediaAttribute(sheet.media.mediaText);
      const around = ` ls:base="${xml.escapeValue(sheet.href ?? '')}"${media}`;
      /** @param {string} text */
      const write = (text) => (text === '' ? '' : element(text, around));
      const { own, imported } = difference;
      if (imported) {
        const rest = [...(rulesOf(sheet) ?? [])].filter((rule) => !isImport(rule));
        return imported.join('') + write(styles.write(rest));
      }
      return own ? write(own.before) + (own.replaced ? '' : tag) + write(own.after) : tag;
    }

    return { ofLink, ofSheet };
  }

  return { comparer };
})();
