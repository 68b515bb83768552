// Three processes on one store, killed at KILLS (1000) random instants. SEED= begins with the same
// numbers; instants differ with the machine. A store in which something was lost is kept.
import { KillRun } from '../host/kills.mjs';

const kills = Number(process.env.KILLS || 1000);
const seed = Number(process.env.SEED || Date.now() % 1_000_000);
const run = new KillRun({ seed, kills, pages: 120 });
const start = performance.now();
await run.run(({ kills: so, rounds, losses }) => {
  if (rounds % 10 === 0) {
    console.error(`${so} kills, ${losses.length} losses`);
  }
});
console.log(run.lines().join('\n'));
console.log(`${Math.round((performance.now() - start) / 1000)} s`);
if (run.losses.length > 0) {
  console.log(`the store: ${run.folder}`);
  process.exit(1);
}
run.remove();
