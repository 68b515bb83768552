/**
 * Snapshots of hostile pages are inert, in real browsers: nothing runs, nothing is asked for, nothing
 * goes elsewhere. The whole corpus, once with everything that stands in the way of a page, once with
 * the sanitizer alone, once with the barriers alone; and once with nothing, which shows that the
 * tripwires feel what there is to feel.
 *
 * The sanitizer alone is shown with all of them; what takes longer, with every fifth, or every so
 * many-th as $INERT_EVERY says: 1 for all.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BROWSERS } from './browsers.mjs';
import { idIn, readCorpus } from './inert-corpus.mjs';
import { InertServer } from './inert-server.mjs';
import { InertSession } from './inert-session.mjs';
import { InertStage } from './inert-stage.mjs';

const EVERY = Number(process.env.INERT_EVERY ?? 5);

const CORPUS = readCorpus();
const SOME = CORPUS.filter((_, at) => at % EVERY === 0).map(({ id }) => id);

/** Fewer that fire with nothing in the way would say that the tripwires are slack. */
const ALIVE = 150 / EVERY;

/** Vectors in one live tab. */
const CROWD = 60;
const CROWDS = { isKept: true, isCrowded: true };

/** Frames of live tabs that a browser itself refuses to fill have no tree. */
const CROWDED = 0.9 * SOME.length;

/**
 * What a policy in the file itself does not reach: a refresh is no request of the page's, and Firefox
 * asks for pictures of a srcset before it looks at the policy.
 */
const OUT_OF_REACH = /refresh|srcset/i;

/** @typedef {import('./inert-session.mjs').Result} Result */

/**
 * `cursor="url(#x)"` is a place in the page itself, which Chromium reads once more to see it: nobody
 * else is asked.
 *
 * @param {Result} result
 */
function withoutReadAgain(result) {
  const own = /^GET http:\/\/[^/]+\/(s\/\d+\/|crowd\/\w+\/\d+)$/;
  return { ...result, fired: result.fired.filter((each) => !own.test(each)) };
}

/**
 * @param {Result} result
 * @param {number} [least] - trees that were to be looked at
 */
function assertInert({ tried, looked, fired, faults }, least = tried) {
  assert.deepEqual(fired, []);
  assert.deepEqual(faults, []);
  assert.ok(looked >= least, `${looked} of ${least} trees were looked at`);
}

describe('the hostile pages', () => {
  it('are at least 400', () => {
    assert.ok(CORPUS.length >= 400, `${CORPUS.length}`);
  });
});

describe('snapshots of hostile pages', { timeout: 1_500_000, concurrency: true }, () => {
  /** @type {Promise<InertStage>} */
  const staged = InertStage.prepare(CORPUS);
  after(async () => (await staged).remove());

  for (const name of BROWSERS) {
    describe(`in ${name}`, { concurrency: false }, () => {
      /** @type {InertStage} */
      let stage;
      /** @type {InertServer} */
      let server;
      /** @type {InertSession} */
      let session;
      /** Vectors that do something here. @type {number[]} */
      let lively = [];
      /** @type {{ snapshots: number[], pages: string[] }} */
      let crowds;

      before(async () => {
        stage = await staged;
        server = await InertServer.start(stage.pages, stage.server.address);
        session = await InertSession.start(name, server, {
          ...{ host: stage.host, store: stage.store.db, allowed: true },
        });
      });
      after(async () => {
        await session?.stop();
        server?.close();
      });

      /**
       * @param {import('node:test').TestContext} test
       * @param {Result} result
       */
      function tell(test, { tried, looked, fired, alive, touched, ms }) {
        const all = new Set([...alive, ...touched]).size;
        const words = `${fired.length} signs, of ${all} vectors (${alive.size} untouched)`;
        test.diagnostic(
          `${name}: ${tried} tried, ${words}, ${looked} trees; ${(ms / 1000).toFixed(0)} s`,
        );
      }

      it('would fire if nothing stood in the way', async (test) => {
        const result = await session.frames(stage.urls('v', SOME), { isLively: true });
        tell(test, result);
        lively = SOME.filter((id) => result.alive.has(id) || result.touched.has(id));
        assert.ok(result.alive.size >= ALIVE, `${result.alive.size} fired`);
      });

      it('do nothing in the viewer', async (test) => {
        const snapshots = SOME.map((id) => stage.snapshotOf(id));
        const result = await session.viewers(snapshots, { isKept: true });
        tell(test, result);
        assertInert(result);
        assert.deepEqual(await stage.notEndless(result.missing), []);
      });

      it('do nothing as exported files', async (test) => {
        const files = stage.files(SOME.map((id) => stage.snapshotOf(id)));
        const home = `file://${stage.home}`;
        const result = await session.frames(files, { isKept: true, home, canStay: false });
        tell(test, result);
        assertInert(result);
        assert.deepEqual(result.missing, []);
      });

      it('do nothing without sandbox and policy: the sanitizer alone holds', async (test) => {
        const result = await session.frames(stage.urls('s'), { isKept: true });
        tell(test, result);
        assertInert(withoutReadAgain(result));
        assert.deepEqual(result.missing, []);
      });

      it('would do nothing in the viewer unsanitized: its barriers alone hold', async (test) => {
        const result = await session.viewers(stage.planted(lively));
        tell(test, result);
        assert.ok(result.missing.length < 0.2 * result.tried, `missing: ${result.missing}`);
        assert.deepEqual(result.fired, []);
      });

      it('would do nothing under the pen unsanitized, though its frame has an origin', async (test) => {
        const result = await session.viewers(stage.planted(lively), { isPen: true });
        tell(test, result);
        assert.ok(result.missing.length < 0.2 * result.tried, `missing: ${result.missing}`);
        assert.deepEqual(result.fired, []);
      });

      it('would run nothing as files unsanitized, and ask for nothing that a policy can refuse', async (test) => {
        const result = await session.frames(stage.urls('c', lively));
        tell(test, result);
        assert.ok(result.missing.length < 0.2 * result.tried, `missing: ${result.missing}`);
        const reached = result.fired.filter((each) => {
          const text = stage.vectors.find(({ id }) => id === idIn(each))?.text ?? '';
          return !OUT_OF_REACH.test(text);
        });
        assert.deepEqual(reached, []);
      });

      it('can be saved from live tabs', async () => {
        const urls = stage.crowds(name, SOME, CROWD);
        await session.capture(urls);
        crowds = await stage.addCrowds(name, urls);
        assert.equal(crowds.snapshots.filter(Boolean).length, urls.length);
      });

      it('saved from live tabs, do nothing in the viewer', async (test) => {
        const result = await session.viewers(crowds.snapshots, CROWDS);
        tell(test, result);
        assertInert(result, CROWDED);
      });

      it('saved from live tabs, do nothing as exported files', async (test) => {
        const home = `file://${stage.home}`;
        const files = stage.files(crowds.snapshots);
        const result = await session.frames(files, { ...CROWDS, home, canStay: false });
        tell(test, result);
        assertInert(result, CROWDED);
      });

      it('saved from live tabs, do nothing without sandbox and policy', async (test) => {
        const result = await session.frames(crowds.pages, CROWDS);
        tell(test, result);
        assertInert(withoutReadAgain(result), CROWDED);
      });
    });
  }
});
