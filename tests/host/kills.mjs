// Three processes at work on one store, killed again and again. What was acknowledged must be there.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { Interrupted, PortActor, TerminalActor, waitExactly } from './kills-actors.mjs';
import { changed } from './kills-desk.mjs';
import { marksAstray } from './kills-marks.mjs';
import { audit, factsOf, Model } from './kills-model.mjs';
import { numbersOf, startSite, wordOf } from './kills-site.mjs';
import { read } from './kills-upkeep.mjs';
import { forPorts, forTerminals } from './kills-work.mjs';
import { AnswerError, Port, scratch } from './port.mjs';
import { linksnap } from './stand.mjs';

/** @typedef {{ done: number, interrupted: number, refused: number }} Count */

const STORE = '/data/linksnap';

export class KillRun {
  kills = 0;
  rounds = 0;
  migrations = 0;
  restores = 0;
  /** Links whose workers were killed three times, which the queue says then. */
  givenUp = 0;
  /** @type {Map<string, Count>} */
  counts = new Map();
  /** How long each kind of work takes, ms. @type {Map<string, number>} */
  #means = new Map();

  /** @param {{ seed: number, kills: number, pages: number, each?: number }} options each: kills of a round */
  constructor({ seed, kills, pages, each = 12 }) {
    this.seed = seed;
    this.goal = kills;
    this.each = each;
    this.random = numbersOf(seed);
    this.model = new Model(pages);
    const { folder, remove } = scratch();
    this.folder = folder;
    this.remove = remove;
    this.file = join(folder + STORE, 'linksnap.db');
    this.actors = [new PortActor(folder), new PortActor(folder), new TerminalActor(folder)];
  }

  get losses() {
    return this.model.losses;
  }

  /** @param {string} kind @param {keyof Count} what */
  #count(kind, what) {
    const count = this.counts.get(kind) ?? { done: 0, interrupted: 0, refused: 0 };
    count[what] += 1;
    this.counts.set(kind, count);
  }

  /** @param {(run: KillRun) => void} [onRound] */
  async run(onRound = () => {}) {
    this.site = await startSite();
    const serial = { count: 0 };
    const { model, random, folder } = this;
    const { origin } = this.site;
    this.desk = { model, random, origin, serial, folder, emptying: false };
    try {
      while (this.kills < this.goal && this.losses.length === 0) {
        const until = Math.min(this.goal, this.kills + this.each);
        await Promise.all(this.actors.map((actor) => this.#act(actor, until)));
        await this.#settle();
        this.rounds += 1;
        onRound(this);
        const next = this.random(6);
        if (next < 2) {
          await this.#migrate();
        } else if (next < 3) {
          await this.#restore();
        }
      }
      await this.#finish();
    } finally {
      await Promise.all(this.actors.map((actor) => actor.close()));
      await this.site.close();
    }
    return this;
  }

  /** One process after another, until there are as many kills. @param {PortActor | TerminalActor} actor @param {number} until */
  async #act(actor, until) {
    const choices = actor instanceof PortActor ? forPorts : forTerminals;
    while (this.kills < until && this.losses.length === 0) {
      const make = choices[Math.floor(this.random(choices.length))];
      const plan = make(/** @type {any} */ (this.desk));
      if (plan === null) {
        await waitExactly(1, () => false);
        continue;
      }
      const fate = await this.#perform(actor, plan);
      this.#count(plan.kind, fate);
      if (fate !== 'done') {
        for (const work of plan.works) {
          work.adrift = true;
        }
        const adrift = this.model.adrift();
        this.model.resolve(adrift, await factsOf(this.file));
      }
    }
  }

  /**
   * Does it, and perhaps kills who does it: at an instant of the time that it takes, at the first
   * byte of an answer, or a moment after the last.
   * @param {PortActor | TerminalActor} actor
   * @param {import('./kills-desk.mjs').Plan} plan
   * @returns {Promise<keyof Count>}
   */
  async #perform(actor, plan) {
    const key = `${plan.kind} ${actor.constructor.name} ${actor.isFresh}`;
    const mean = this.#means.get(key) ?? 20;
    const way = this.random(8);
    const all = this.random(2) < 1;
    const state = { over: false };
    const kill = () => {
      if (!state.over && actor.kill(all)) {
        this.kills += 1;
        state.over = true;
      }
    };
    const start = performance.now();
    if (way < 1) {
      actor.onAnswer(kill);
    } else if (way < 6) {
      waitExactly(this.random(1.2 * mean), () => state.over).then(kill);
    }
    /** @type {keyof Count} */
    let fate = 'done';
    try {
      await plan.run(actor);
      if (!state.over) {
        this.#means.set(key, 0.7 * mean + 0.3 * (performance.now() - start));
      }
      if (way >= 1 && way < 6 && this.random(3) < 1) {
        kill();
      }
    } catch (error) {
      fate = this.#fate(plan.kind, error);
    }
    state.over = true;
    await actor.gone();
    return fate;
  }

  /** @param {string} kind @param {unknown} error @returns {keyof Count} */
  #fate(kind, error) {
    if (error instanceof Interrupted) {
      return 'interrupted';
    }
    if (!(error instanceof AnswerError && error.fault === 'store_busy')) {
      this.losses.push(`${kind}: ${error}`);
    }
    return 'refused';
  }

  /** All is quiet: whatever is in the queue is done, and everything is looked at. */
  async #settle() {
    const queue = await linksnap(this.folder, ['queue', 'run'], { timeout: 120_000 });
    const facts = await factsOf(this.file);
    const failed = [...facts.jobs.values()].flat().filter((state) => state === 'failed').length;
    this.givenUp += facts.givenUp;
    if (failed > facts.givenUp || (queue.status !== 0 && failed === 0)) {
      this.losses.push(`queue run: ${queue.err}`);
    }
    this.model.resolve(this.model.adrift(), facts);
    for (const page of this.model.pages) {
      if (page.work !== null) {
        this.losses.push(`page ${page.n}: nobody ended its ${page.work.kind}`);
      }
    }
    await this.#compare('a round');
    await linksnap(this.folder, ['queue', 'clear']);
  }

  /** The store becomes an older one, which three processes bring up to date at once. */
  async #migrate() {
    await Promise.all(this.actors.map((actor) => actor.close()));
    const version = 1 + Math.floor(this.random(5));
    const aged = await audit('age', this.file, [String(version)]);
    if (aged.status !== 0) {
      this.losses.push(aged.text);
    }
    // Nobody could mark anything then, nor trash a version.
    for (const page of this.model.pages.filter(({ state }) => state !== null)) {
      page.state = changed(/** @type {any} */ (page.state), { hidden: [], marks: [], small: [] });
    }
    const plan = {
      kind: `migration from ${version}`,
      works: [],
      run: (/** @type {any} */ actor) => actor.ask('pages.search', {}, ['list']),
    };
    await this.#repeat(this.actors.map(() => plan));
    await Promise.all(this.actors.map((actor) => plan.run(actor)));
    this.migrations += 1;
    await this.#compare(plan.kind);
  }

  /** What is in the store comes back out of a backup, while others read it. */
  async #restore() {
    const file = join(this.folder, 'kept.db');
    const kept = await linksnap(this.folder, ['backup', file]);
    if (kept.status !== 0) {
      this.losses.push(kept.err);
    }
    const restore = {
      kind: 'restore of a backup',
      works: [],
      run: (/** @type {any} */ actor) => actor.ask('', {}, ['restore', file]),
    };
    const look = {
      kind: 'search beside it',
      works: [],
      run: (/** @type {any} */ actor) => actor.ask('pages.search', {}),
    };
    await this.#repeat([look, look, restore]);
    await restore.run(this.actors[2]);
    this.restores += 1;
    await this.#compare(restore.kind);
    for (const name of readdirSync(this.folder + STORE)) {
      if (name.includes('before-restore')) {
        rmSync(join(this.folder + STORE, name));
      }
    }
    rmSync(file);
  }

  /** The same by each process, a few times, perhaps killed. @param {import('./kills-desk.mjs').Plan[]} plans */
  async #repeat(plans) {
    for (let times = Math.floor(this.random(4)); times > 0 && this.kills < this.goal; times--) {
      await Promise.all(
        plans.map(async (plan, i) =>
          this.#count(plan.kind, await this.#perform(this.actors[i], plan)),
        ),
      );
      await Promise.all(this.actors.map((actor) => actor.close()));
    }
  }

  /** Nobody is at work, and everything is looked at. @param {string} after */
  async #compare(after) {
    this.model.compare(await factsOf(this.file));
    const { status, text } = await audit('check', this.file);
    if (status !== 0) {
      this.losses.push(`${after}: ${text.trimEnd()}`);
    }
  }

  /** What a person would see of it in the end. */
  async #finish() {
    const port = new Port(this.folder);
    await port.hello();
    for (const page of this.model.pages) {
      if (page.state === null || page.state.trashed || page.snapshots.size === 0) {
        continue;
      }
      const { pages } = await port.request('pages.search', { query: wordOf(page.n) });
      if (!pages.some((/** @type {any} */ found) => found.page === page.number)) {
        this.losses.push(`page ${page.n} is not found by its word`);
      }
      this.losses.push(...(await marksAstray(port, page)));
      for (const snapshot of page.snapshots) {
        const file = await read(port, snapshot);
        if (!file.includes(wordOf(page.n))) {
          this.losses.push(`snapshot ${snapshot} of page ${page.n} cannot be read`);
        }
      }
    }
    await port.close();
    for (const args of [['gc'], ['fsck']]) {
      const { status, err, text } = await linksnap(this.folder, args);
      if (status !== 0) {
        this.losses.push(`${args}: ${err}${text}`);
      }
    }
    const { text } = await audit('check', this.file);
    this.blobs = Number(/^blobs (\d+)$/m.exec(text)?.[1]);
    this.orphans = Number(/^orphans (\d+)$/m.exec(text)?.[1]);
  }

  /** The figures, as lines. */
  lines() {
    const lines = [
      `kills ${this.kills}, rounds ${this.rounds}, migrations ${this.migrations}, restores ${this.restores}, given up ${this.givenUp}, blobs ${this.blobs}, ` +
        `orphans ${this.orphans}, losses ${this.losses.length}, SEED=${this.seed}`,
    ];
    for (const [kind, { done, interrupted, refused }] of [...this.counts].sort()) {
      lines.push(`${kind}: ${done} acknowledged, ${interrupted} interrupted, ${refused} refused`);
    }
    return [...lines, ...this.losses];
  }
}
