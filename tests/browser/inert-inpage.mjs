/**
 * What runs inside of pages under test, sent there as text: the alarm, a person who touches everything,
 * and a look at the tree that a browser has built.
 */

/** What a page that runs would call. */
export const ALARMS = ['alert', 'confirm', 'prompt', 'print', 'open', 'msgbox'];

/**
 * Everything in a document that an event can be sent to gets each kind that there is, and is clicked,
 * focused and typed into. Links to other pages are left alone: following them is no fault.
 *
 * @param {boolean} canStay - scripts run here, so that one can hold a click back
 */
export function touch(canStay) {
  const EVENTS = `afterprint animationcancel animationend animationiteration animationstart auxclick
    beforecopy beforecut beforeinput beforematch beforepaste beforeprint beforetoggle beforeunload begin
    blur bounce cancel canplay change click close command contextmenu copy cuechange cut dblclick drag
    dragend dragenter dragstart drop ended end error finish focus focusin focusout formdata fullscreenchange
    gotpointercapture hashchange input invalid keydown keypress keyup load loadeddata loadstart message
    mousedown mouseenter mouseleave mousemove mouseout mouseover mouseup mousewheel online pagehide pageshow
    paste pause play playing pointercancel pointerdown pointerenter pointermove pointerout pointerover
    pointerrawupdate pointerup popstate progress readystatechange repeat reset resize scroll scrollend
    search securitypolicyviolation select selectionchange selectstart show slotchange start storage submit
    suspend toggle touchend touchstart transitionend transitionrun transitionstart unload volumechange
    waiting webkitanimationend webkittransitionend wheel`.split(/\s+/);
  const LEADS = /^(https?|mailto|tel|ftp):/i;

  /** @param {any} element */
  function leadsAway(element) {
    const link = element.closest?.('a, area');
    const href = link?.getAttribute('href') ?? link?.getAttribute('xlink:href');
    if (!link || href === null || /^\s*(#|$)/.test(href)) {
      return Boolean(link);
    }
    try {
      return LEADS.test(new URL(href, link.baseURI).protocol);
    } catch {
      return false;
    }
  }

  const stay = (/** @type {Event} */ event) => {
    const [target] = event.composedPath();
    const form = /** @type {any} */ (event).submitter?.getAttribute?.('formaction');
    const action = form ?? /** @type {any} */ (target)?.getAttribute?.('action') ?? '';
    if (leadsAway(target) || (event.type === 'submit' && !/^\s*javascript:/i.test(action))) {
      event.preventDefault();
    }
  };
  addEventListener('click', stay);
  addEventListener('submit', stay);

  /** @type {any[]} */
  const all = [window, document];
  const roots = [/** @type {Document | ShadowRoot} */ (document)];
  for (let root = roots.pop(); root; root = roots.pop()) {
    for (const element of root.querySelectorAll('*')) {
      all.push(element);
      if (element.shadowRoot) {
        roots.push(element.shadowRoot);
      }
    }
  }
  for (const target of all) {
    if (!canStay && target.nodeType === 1 && leadsAway(target)) {
      continue;
    }
    for (const type of EVENTS) {
      target.dispatchEvent(new Event(type, { bubbles: true, cancelable: true }));
    }
    if (target.nodeType !== 1 || leadsAway(target)) {
      continue;
    }
    target.focus?.();
    const options = { bubbles: true, cancelable: true, composed: true };
    target.dispatchEvent(new MouseEvent('click', options));
    target.dispatchEvent(new KeyboardEvent('keydown', { ...options, key: 'Enter' }));
  }
}

/**
 * What stands in a document that no snapshot may hold. The rules are written for this test alone; they
 * know nothing of the host's.
 *
 * @returns {string[]}
 */
export function audit() {
  const HTML = 'http://www.w3.org/1999/xhtml';
  const FORBIDDEN =
    /^(script|base|embed|frame|handler|listener|foreignscript|bgsound|animate.*|set|discard)$/i;
  const INERT_ANIMATION = /^(animate.*|set|discard)$/i;
  const RUNS =
    /^(javascript|vbscript|livescript|mocha|view-source|jar|feed|blob|filesystem|file|about):/i;
  /** What a browser may take for a URL. */
  const TAKES =
    /^(href|src|srcset|action|formaction|data|poster|background|cite|longdesc|usemap|from|to|by|values|url|code|codebase|classid|archive|movie|profile|manifest|icon|content)$/i;
  /** What a browser loads by itself. */
  const LOADS =
    /^(src|srcset|poster|background|data|imagesrcset|lowsrc|dynsrc|longdesc|manifest|code|codebase|archive|classid|icon|profile)$/i;
  const SENDS =
    /^(action|formaction|ping|attributionsrc|browsingtopics|sharedstoragewritable|csp)$/i;
  const LEADS = /^(https?:|mailto:|tel:|ftp:|#|$)/i;
  const DATA = /^data:/i;
  const PRAGMAS = [
    ...['x-off', 'content-security-policy', 'x-dns-prefetch-control'],
    ...['content-language', 'default-style'],
  ];
  /** @type {string[]} */
  const faults = [];

  // A browser drops these before it reads a URL.
  const squeeze = (/** @type {string} */ url) => url.replace(/^[\0- ]+|[\t\n\r]+/g, '');

  /**
   * What CSS loads, as a browser has understood and written it.
   *
   * @param {string} css
   */
  function loadsOf(css) {
    const text = /"((?:[^"\\]|\\[^])*)"|'((?:[^'\\]|\\[^])*)'/.source;
    const each = new RegExp(
      `(?<![\\w-])(url|src|(?:-webkit-)?image-set|image)\\(\\s*(?:${text}|([^)"']*))|${text}`,
      'gi',
    );
    return [...css.matchAll(each)]
      .filter(([, loads]) => loads)
      .map(([, loads, double, single, bare]) => {
        const isUrl = /^(url|src)$/i.test(loads);
        return double ?? single ?? (isUrl ? bare.trim() : '');
      })
      .filter((url) => !/^(data:|#|about:invalid|$)/i.test(squeeze(url)));
  }

  /** @param {CSSRuleList} rules @returns {string[]} */
  function rulesFaults(rules) {
    return [...rules].flatMap((rule) => {
      if (rule instanceof CSSImportRule) {
        return /^(data:|$)/i.test(rule.href ?? '') ? [] : [`@import ${rule.href}`];
      }
      return rule instanceof CSSNamespaceRule ? [] : loadsOf(rule.cssText);
    });
  }

  /** @param {HTMLStyleElement} element */
  function sheetFaults(element) {
    try {
      const made = new CSSStyleSheet();
      made.replaceSync(element.textContent ?? ''); // of templates, which have none
      return rulesFaults((element.sheet ?? made).cssRules);
    } catch {
      return ['a sheet that cannot be read'];
    }
  }

  /**
   * @param {Element} element
   * @param {Attr} attribute
   */
  function isAllowed(element, { localName: name, value }) {
    const url = squeeze(value);
    const isFrame = element.localName === 'iframe';
    if (/^on/i.test(name) || SENDS.test(name) || (TAKES.test(name) && RUNS.test(url))) {
      return false;
    }
    if (name === 'srcdoc') {
      return isFrame;
    }
    if (name === 'srcset' || name === 'imagesrcset') {
      return !/(^|[\s,])(?!data:)[a-z][a-z0-9+.-]*:|(^|[\s,])\/\//i.test(
        url.replace(/data:\S+/gi, ''),
      );
    }
    if (LOADS.test(name)) {
      return url === '' || (DATA.test(url) && (isFrame || !/^data:text\/html/i.test(url)));
    }
    if (name === 'href') {
      const isLink = ['a', 'area'].includes(element.localName);
      const isSaid =
        element.localName === 'link' &&
        /^\s*canonical\s*$/i.test(element.getAttribute('rel') ?? '');
      return isLink || isSaid ? LEADS.test(url) : /^(data:|#|$)/i.test(url);
    }
    if (name === 'style') {
      return loadsOf(/** @type {HTMLElement} */ (element).style?.cssText ?? '').length === 0;
    }
    return !/^data:(text\/html|application\/xhtml|text\/xml|application\/xml)/i.test(url);
  }

  /** @param {Element} element */
  function look(element) {
    const { localName: name, namespaceURI } = element;
    const text = element.outerHTML.slice(0, 160);
    const isHtml = namespaceURI === HTML;
    if (FORBIDDEN.test(name) && (isHtml || !INERT_ANIMATION.test(name))) {
      faults.push(`an element that may not be: ${text}`);
    }
    if (INERT_ANIMATION.test(name)) {
      const animated = squeeze(element.getAttribute('attributeName') ?? '');
      if (/href|^on|src|style|action|attributename|data/i.test(animated)) {
        faults.push(`what may not be animated: ${text}`);
      }
    }
    if (name === 'meta' && element.hasAttribute('http-equiv')) {
      const says = (element.getAttribute('http-equiv') ?? '').trim().toLowerCase();
      if (!PRAGMAS.includes(says)) {
        faults.push(`a pragma: ${text}`);
      }
    }
    if (name === 'link' && isHtml) {
      const does = (element.getAttribute('rel') ?? '').toLowerCase().split(/\s+/);
      const loads = /^(pre|dns-|module|manifest|import|serviceworker|compression|expect)/;
      if (does.some((each) => loads.test(each))) {
        faults.push(`a link that loads: ${text}`);
      }
    }
    const loaded = name === 'style' ? sheetFaults(/** @type {HTMLStyleElement} */ (element)) : [];
    faults.push(...loaded.map((each) => `CSS that loads: ${each}`));
    for (const attribute of element.attributes) {
      if (!isAllowed(element, attribute)) {
        faults.push(`${attribute.name}=${attribute.value.slice(0, 80)} in ${text}`);
      }
    }
  }

  const roots = [/** @type {Document | DocumentFragment} */ (document)];
  for (let root = roots.pop(); root; root = roots.pop()) {
    for (const element of root.querySelectorAll('*')) {
      look(element);
      if (element.shadowRoot) {
        roots.push(element.shadowRoot);
      }
      if (element instanceof HTMLTemplateElement) {
        roots.push(element.content);
      }
    }
  }
  return faults;
}
