// A loopback HTTP server for one test: routes are plain data or functions.
import { createServer } from 'node:http';

/**
 * @typedef {{status?: number, type?: string, body?: string | Buffer, headers?: Record<string, string>}} Answer
 * @typedef {Answer | ((request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => void)} Route
 */

/**
 * Serves on 127.0.0.1 until close(); what has no route is a 404.
 * @param {Record<string, Route>} routes by path without its query
 */
export async function serve(routes) {
  /** @type {{path: string, headers: import('node:http').IncomingHttpHeaders}[]} */
  const requests = [];
  /** @type {Set<import('node:net').Socket>} */
  const connections = new Set();
  let most = 0;
  const server = createServer({ maxHeaderSize: 1 << 17 }, (request, response) => {
    const path = request.url ?? '';
    requests.push({ path, headers: request.headers });
    const route = routes[path.split('?')[0]];
    if (typeof route === 'function') {
      route(request, response);
      return;
    }
    response.writeHead(route ? (route.status ?? 200) : 404, {
      'content-type': route?.type ?? 'text/html; charset=utf-8',
      ...route?.headers,
    });
    response.end(route?.body ?? 'not here');
  });
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.on('end', () => connections.delete(socket));
    socket.on('close', () => connections.delete(socket));
    // Ends that came before it are read in the same turn of the loop, perhaps after it.
    setImmediate(() => (most = Math.max(most, connections.size)));
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    origin: `http://127.0.0.1:${address.port}`,
    requests,
    /** Connections that were open at once, at most. */
    get most() {
      return most;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/** A PNG of one pixel. */
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
