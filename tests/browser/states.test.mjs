/**
 * Difficult states of a DOM through the whole product, in real browsers: each comes back as it was,
 * or as states-expected.mjs says, with the reason. A state that has become better fails here too:
 * it then leaves that list.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { BROWSERS } from './browsers.mjs';
import { SUBJECTS } from './states-all.mjs';
import { DIFFERENT, MOVED, NEARLY, expectedOf } from './states-expected.mjs';
import { takeStates } from './states.mjs';

const NAMES = Object.values(SUBJECTS).flatMap((states) => Object.keys(states));

describe('the difficult states', () => {
  it('are at least 200, each with a name of its own', () => {
    assert.ok(NAMES.length >= 200, `${NAMES.length}`);
    assert.equal(new Set(NAMES).size, NAMES.length);
  });

  it('have exceptions only where there are states', () => {
    const named = [...NEARLY, ...DIFFERENT].flatMap(({ states }) => states);
    assert.deepEqual(
      named.filter((name) => !NAMES.includes(name)),
      [],
    );
  });
});

for (const browser of BROWSERS) {
  describe(`difficult states of a DOM in ${browser}`, { timeout: 420_000 }, () => {
    /** @type {Map<string, import('./states.mjs').Row>} */
    const rows = new Map();
    before(async () => {
      for (const row of await takeStates(browser)) {
        rows.set(row.state, row);
      }
    });

    for (const [subject, states] of Object.entries(SUBJECTS)) {
      describe(`${subject}:`, () => {
        for (const state of Object.keys(states)) {
          const { verdict, reason } = expectedOf(browser, state);
          it(reason ? `${state} (${verdict}: ${reason})` : state, () => {
            const row = rows.get(state);
            assert.ok(row);
            const told = `tree: ${row.tree}; look: ${row.look}; moved: ${row.moved}`;
            assert.equal(row.reparse, verdict, told);
            assert.equal(row.moved !== '', MOVED.has(state), told);
          });
        }
      });
    }
  });
}
