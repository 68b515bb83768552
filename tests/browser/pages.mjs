/** Pages of one test on two origins of the loopback interface. */
import http from 'node:http';

/**
 * @typedef {object} Pages
 * @property {string} origin
 * @property {string} other - an origin of another site
 * @property {() => Promise<void>} close
 *
 * @param {Record<string, string | ((response: http.ServerResponse) => void)>} routes - HTML by path;
 *   `{other}` in it is the other origin
 * @returns {Promise<Pages>}
 */
export async function servePages(routes) {
  let other = '';
  /** @type {http.RequestListener} */
  const answer = (request, response) => {
    const { pathname } = new URL(String(request.url), 'http://localhost');
    const route = pathname.endsWith('.svg') ? sendPicture : routes[pathname];
    if (typeof route === 'function') {
      route(response);
      return;
    }
    response.writeHead(route === undefined ? 404 : 200, {
      'content-type': 'text/html; charset=utf-8',
    });
    response.end(route?.replaceAll('{other}', other));
  };
  const servers = [http.createServer(answer), http.createServer(answer)];
  const [port, otherPort] = await Promise.all(servers.map(listen));
  // Two sites, not only two ports: cookies and processes go by host name.
  other = `http://127.0.0.1:${otherPort}`;
  return {
    origin: `http://localhost:${port}`,
    other,
    async close() {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

/**
 * @param {http.Server} server
 * @returns {Promise<number>} its port
 */
export function listen(server) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      resolve(/** @type {import('node:net').AddressInfo} */ (server.address()).port);
    });
  });
}

/** @param {http.ServerResponse} response */
function sendPicture(response) {
  response.writeHead(200, { 'content-type': 'image/svg+xml' });
  response.end('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
}
