// Raw TCP servers on loopback addresses, which count who comes.
import { createServer } from 'node:net';

/** @typedef {import('node:net').Socket} Socket */
/** @typedef {(socket: Socket, head: string) => void} Act answers a request, whose head is given */

/**
 * @typedef {object} Raw
 * @property {number} port
 * @property {string} origin
 * @property {string[]} heads of the requests so far
 * @property {number} accepted connections so far
 * @property {() => void} close
 */

/** @param {Act} act @param {string} [address] @param {number} [port] @returns {Promise<Raw>} */
export function rawServer(act, address = '127.0.0.1', port = 0) {
  /** @type {Set<Socket>} */
  const sockets = new Set();
  /** @type {string[]} */
  const heads = [];
  let accepted = 0;
  const server = createServer((socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    let text = '';
    socket.on('data', (part) => {
      text += part.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const head = text.slice(0, end);
        text = text.slice(end + 4);
        heads.push(head);
        act(socket, head);
      }
    });
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, address, () => {
      const own = /** @type {import('node:net').AddressInfo} */ (server.address()).port;
      resolve({
        port: own,
        origin: `http://${address.includes(':') ? `[${address}]` : address}:${own}`,
        heads,
        get accepted() {
          return accepted;
        },
        close: () => {
          server.close();
          sockets.forEach((socket) => socket.destroy());
        },
      });
    });
  });
}

/** Writes as long as anybody reads. @param {Socket} socket @param {Buffer | string} part @param {number} [ms] */
export function forever(socket, part, ms = 1) {
  const timer = setInterval(() => {
    if (socket.writableLength < 1 << 20) {
      socket.write(part);
    }
  }, ms);
  socket.on('close', () => clearInterval(timer));
}

/** @param {string} status @param {string} [headers] each with its end @param {string | Buffer} [body] */
export function answer(status, headers = '', body = '') {
  const head = `HTTP/1.1 ${status}\r\n${headers}content-length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(body)]);
}

/** @param {string} location */
export const redirect = (location) => answer('302 Found', `location: ${location}\r\n`);
