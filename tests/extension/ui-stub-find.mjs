/**
 * What the host of ui-stub.mjs finds, and does to tags and to many pages at once. Runs inside the page
 * before `install`, so it may use nothing from outside.
 *
 * @param {import('./ui-stub.mjs').Scene} scene
 */
export function installFinding(scene) {
  const page = /** @type {any} */ (globalThis);

  /**
   * @param {any[]} pages - what the library holds
   * @param {(id: number) => any} find
   * @param {(name: string) => never} refuse
   * @returns {Record<string, (params: any) => any>}
   */
  page.finding = (pages, find, refuse) => {
    const colours = structuredClone(scene.colours ?? {});
    let unused = scene.unused ?? [];
    /** @type {Map<number, any[]>} */
    const steps = new Map();
    let lastStep = 0;
    /** @param {any[]} before */
    const stepBack = (before) => {
      steps.set(++lastStep, before);
      return lastStep;
    };
    page.stepBack = stepBack;

    const FIELD = /(?:tag|site|is|on):\S+/g;

    /** @type {[string, (one: any) => boolean][]} */
    const states = [
      ['is:highlighted', ({ highlights }) => highlights > 0],
      ['is:untagged', ({ tags }) => tags.length === 0],
      ['is:incomplete', ({ state }) => state !== 'complete'],
      ['is:broken', ({ health }) => /gone|error/.test(health?.state)],
    ];

    /** What a query finds: words of a title, tags, a site, the trash. @param {string} query */
    const matching = (query) => {
      /** @type {string[]} */
      const terms = query.match(FIELD) ?? [];
      const word = query.replace(FIELD, '').trim();
      const wanted = (/** @type {string} */ field) =>
        terms.filter((term) => term.startsWith(`${field}:`)).map((term) => term.split(':')[1]);
      const isTrash = terms.includes('is:trashed');
      const found = pages.filter((/** @type {any} */ one) => {
        const { title, tags, trashed, site } = one;
        return (
          Boolean(trashed) === isTrash &&
          title.includes(word) &&
          states.every(([term, holds]) => !terms.includes(term) || holds(one)) &&
          wanted('site').every((one) => one === site) &&
          wanted('tag').every((one) =>
            tags.some((/** @type {string} */ tag) => tag === one || tag.startsWith(`${one}/`)),
          )
        );
      });
      return { found, word };
    };

    /** @param {any[]} values @param {number} [limit] */
    const counted = (values, limit) => {
      /** @type {Map<string, number>} */
      const counts = new Map();
      values.forEach((one) => counts.set(one, (counts.get(one) ?? 0) + 1));
      return [...counts].map(([name, number]) => ({ name, pages: number })).slice(0, limit);
    };

    /** @param {any[]} found @param {number} limit */
    const facetsOf = (found, limit) => ({
      tags: counted(
        found.flatMap(({ tags }) => tags),
        limit,
      ),
      sites: counted(
        found.map(({ site }) => site),
        limit,
      ),
      years: counted(
        found.map(({ saved }) => String(new Date(saved).getFullYear())),
        limit,
      ),
    });

    /** All tags. @returns {any[]} */
    const tagsNow = () => {
      const used = counted(pages.flatMap((/** @type {any} */ { tags }) => tags));
      const all = [...used, ...unused.map((name) => ({ name, pages: 0 }))];
      return all.map(({ name, pages: number }) => {
        const have = pages.filter((/** @type {any} */ { tags }) =>
          tags.some((/** @type {string} */ tag) => tag === name || tag.startsWith(`${name}/`)),
        );
        return { name, pages: number, below: have.length, colour: colours[name] ?? '' };
      });
    };

    /** A page of an endless list. @param {number} place */
    const endless = (place) => ({
      ...pages[place % pages.length],
      page: place + 1,
      snapshot: (place + 1) * 100,
      title: `Page ${place + 1}`,
    });

    return {
      'pages.search': ({ query = '', cursor, facets, limit, skip = 0, sort, spelling }) => {
        if (scene.endless && !query) {
          const [total, at] = [scene.endless, Number(cursor || 0) + skip];
          const count = Math.max(0, Math.min(limit, total - at));
          const shown = Array.from({ length: count }, (_, i) => endless(at + i));
          return { total, cursor: String(at + count), hint: '', pages: shown };
        }
        const { found, word } = matching(query);
        if (sort === 'title') {
          found.sort((/** @type {any} */ a, /** @type {any} */ b) => (a.title < b.title ? -1 : 1));
        }
        const from = Number(cursor || 0) + skip;
        const shown = found.slice(from, from + limit).map((/** @type {any} */ one) => {
          const [before, ...rest] = word ? one.title.split(word) : [one.title];
          const spans = word ? [before, word, rest.join(word)] : [one.title];
          const snippet = word ? ['…before ', word, ' after…'] : [];
          return { ...one, title_spans: spans, snippet };
        });
        const next = from + limit < found.length ? String(from + limit) : '';
        const hint = query.includes('date:') ? 'date:' : '';
        const answer = { total: found.length, cursor: next, hint, pages: shown };
        return {
          ...answer,
          ...(facets && { facets: facetsOf(found, facets) }),
          ...(spelling && { spelling: found.length ? '' : (scene.spelling ?? '') }),
        };
      },
      'pages.similar': ({ page: id, limit }) => {
        const others = pages.filter(
          (/** @type {any} */ { page: other }) => other !== find(id).page,
        );
        return { pages: scene.alone ? [] : others.slice(0, limit) };
      },
      'pages.titles': ({ part, limit = 10 }) => {
        const titles = pages.filter(
          (/** @type {any} */ { page: id, title }) =>
            title.toLowerCase().includes(part.toLowerCase()) || scene.pinyin?.[part]?.includes(id),
        );
        const told = titles.map((/** @type {any} */ one) => ({
          page: one.page,
          title: one.title,
          site: one.site,
        }));
        return { titles: told.slice(0, limit) };
      },
      'pages.edit': ({ pages: ids, query, add = [], remove = [], trash }) => {
        if (scene.endless) {
          return { changed: ids?.length ?? scene.endless, step: stepBack([]) };
        }
        const before = structuredClone(pages);
        const touched = ids ? ids.map(find) : matching(query).found;
        for (const one of touched) {
          const kept = one.tags.filter((/** @type {string} */ tag) => !remove.includes(tag));
          one.tags = [...new Set([...kept, ...add])];
          one.trashed = trash === undefined ? one.trashed : Number(trash);
        }
        return { changed: touched.length, step: stepBack(before) };
      },
      undo: ({ step }) => {
        const before = structuredClone(pages);
        pages.splice(0, Infinity, ...(steps.get(step) ?? refuse('not_found')));
        steps.delete(step);
        return { changed: 1, kept: scene.kept ?? 0, step: stepBack(before) };
      },
      'tags.list': ({ part = '', limit, all = false, unused = false }) => {
        const tags = tagsNow().filter((/** @type {any} */ tag) => unused || tag.pages > 0);
        const found = tags.filter(
          (/** @type {any} */ { name }) =>
            name.includes(part) || scene.pinyin?.[part]?.includes(name),
        );
        if (all) {
          found.sort((/** @type {any} */ a, /** @type {any} */ b) => (a.name < b.name ? -1 : 1));
        }
        return { tags: found.slice(0, limit), more: false };
      },
      'tags.suggest': ({ limit }) => {
        const wanted = scene.suggested ?? [];
        return { tags: wanted.map((name) => ({ name, pages: 3, below: 3 })).slice(0, limit) };
      },
      'tags.rename': ({ tag, name }) => {
        const before = structuredClone(pages);
        const merged = tagsNow().some(({ name: other }) => other === name);
        const renamed = (/** @type {string} */ one) =>
          one === tag || one.startsWith(`${tag}/`) ? name + one.slice(tag.length) : one;
        for (const one of pages) {
          one.tags = [...new Set(one.tags.map(renamed))];
        }
        return { merged, step: stepBack(before) };
      },
      'tags.delete': ({ tags, unused: isUnused }) => {
        const before = structuredClone(pages);
        const gone = isUnused ? unused : tags;
        unused = unused.filter((/** @type {string} */ tag) => !gone.includes(tag));
        for (const one of pages) {
          one.tags = one.tags.filter((/** @type {string} */ tag) => !gone.includes(tag));
        }
        return { deleted: gone.length, step: stepBack(before) };
      },
      'tags.colour': ({ tag, colour }) => {
        colours[tag] = colour;
        return {};
      },
    };
  };
}
