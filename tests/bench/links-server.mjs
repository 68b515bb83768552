// The server of `make bench-links`, a process of its own: every origin has the same pages, and each
// answer comes after a pause, as from a distance. Spoken to in messages of child_process.fork().
import { once } from 'node:events';
import { createServer } from 'node:http';
import { LARGE, makePage, SMALL, SMALL_SIZE } from './links-pages.mjs';

/**
 * @typedef {{origins: string[]}} Ready
 * @typedef {{requests: number, files: number, missing: number, seconds: number}} Figures
 *   since they were last asked for; `files` are different ones, `seconds` processor time
 */

/** @param {number} origins @param {number} pause ms before each answer */
async function serve(origins, pause) {
  /** @type {Map<string, import('./links-pages.mjs').File>} */
  const files = new Map();
  for (let i = 0; i < SMALL; i++) {
    makePage(i, SMALL_SIZE).forEach((file, path) => files.set(path, file));
  }
  for (const { number, ...size } of LARGE) {
    makePage(number, size).forEach((file, path) => files.set(path, file));
  }
  let requests = 0;
  let missing = 0;
  let asked = new Set();
  let before = process.cpuUsage();

  /** @type {import('node:http').RequestListener} */
  const answer = (request, response) => {
    const file = files.get(request.url ?? '');
    requests += 1;
    if (file) {
      asked.add(request.url);
    } else {
      missing += 1;
    }
    setTimeout(() => {
      if (!file) {
        response.writeHead(404, { 'content-type': 'text/plain', 'content-length': 0 });
        response.end();
        return;
      }
      response.writeHead(200, { 'content-type': file.type, 'content-length': file.body.length });
      response.end(file.body);
    }, pause);
  };
  const ports = [];
  for (let i = 0; i < origins; i++) {
    const server = createServer({ keepAliveTimeout: 60_000 }, answer);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ports.push(/** @type {import('node:net').AddressInfo} */ (server.address()).port);
  }
  process.on('message', () => {
    const spent = process.cpuUsage(before);
    process.send?.({
      requests,
      files: asked.size,
      missing,
      seconds: (spent.user + spent.system) / 1e6,
    });
    requests = 0;
    missing = 0;
    asked = new Set();
    before = process.cpuUsage();
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ origins: ports.map((port) => `http://127.0.0.1:${port}`) });
}

await serve(Number(process.argv[2]), Number(process.argv[3]));
