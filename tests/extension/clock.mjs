/** Time that passes when a test says so: Date.now(), setTimeout, clearTimeout. */
import { settle } from './fakehost.mjs';

/** Turns of the event loop after which nothing moves any more without time. */
const TURNS = 12;

export async function quiesce() {
  for (let i = 0; i < TURNS; i++) {
    await settle();
  }
}

/**
 * @param {(pass: (ms: number) => Promise<void>) => Promise<void>} body - `pass` lets time pass, timer
 *   by timer
 */
export async function withClock(body) {
  const { setTimeout, clearTimeout } = globalThis;
  const realNow = Date.now;
  /** @type {Map<number, { at: number, run: () => void }>} */
  const waiting = new Map();
  let now = realNow();
  let next = 1;
  Object.assign(globalThis, {
    setTimeout: (/** @type {() => void} */ run, ms = 0) => {
      waiting.set(next, { at: now + ms, run });
      return next++;
    },
    clearTimeout: (/** @type {number} */ id) => waiting.delete(id),
  });
  Date.now = () => now;
  try {
    await body(async (ms) => {
      const end = now + ms;
      for (;;) {
        await quiesce();
        const due = [...waiting]
          .filter(([, { at }]) => at <= end)
          .sort((a, b) => a[1].at - b[1].at);
        if (due.length === 0) {
          break;
        }
        const [id, { at, run }] = due[0];
        waiting.delete(id);
        now = Math.max(now, at);
        run();
      }
      now = end;
    });
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout });
    Date.now = realNow;
  }
}
