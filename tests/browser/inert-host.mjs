/**
 * Stands between a browser and linksnap-host. A snapshot whose number is past PLANTED is answered with
 * a page as it was before the host had its hands on it: what a store would hold if the sanitizer let
 * everything through.
 *
 *   node inert-host.mjs LINKSNAP-HOST FOLDER ARGUMENT...     FOLDER/N.html: the page of snapshot N
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { endianness } from 'node:os';
import { pathToFileURL } from 'node:url';
import { frame } from '../host/port.mjs';

export const PLANTED = 1_000_000;

/**
 * @param {import('node:stream').Readable} stream
 * @param {(message: any) => void} onMessage
 */
function readFrames(stream, onMessage) {
  let buffer = Buffer.alloc(0);
  stream.on('data', (part) => {
    buffer = Buffer.concat([buffer, part]);
    while (buffer.length >= 4) {
      const length = endianness() === 'LE' ? buffer.readUInt32LE() : buffer.readUInt32BE();
      if (buffer.length < 4 + length) {
        return;
      }
      onMessage(JSON.parse(buffer.subarray(4, 4 + length).toString()));
      buffer = buffer.subarray(4 + length);
    }
  });
}

/** @param {string[]} argv */
function main([host, folder, ...args]) {
  const child = spawn(host, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  /** Snapshots that are read planted, by the number of the request. @type {Map<unknown, number>} */
  const planted = new Map();
  child.stdin.on('error', () => {});
  process.stdout.on('error', () => child.kill());
  child.on('exit', (status) => process.exit(status ?? 1));
  process.stdin.on('end', () => child.stdin.end());

  readFrames(process.stdin, (message) => {
    const { id, method, params } = message;
    if (params?.snapshot > PLANTED) {
      params.snapshot -= PLANTED;
      if (method === 'snapshots.read') {
        planted.set(id, params.snapshot);
      }
    }
    child.stdin.write(frame(JSON.stringify(message)));
  });
  readFrames(child.stdout, (message) => {
    const snapshot = planted.get(message.id);
    if (snapshot !== undefined && message.result) {
      const data = fs.readFileSync(path.join(folder, `${snapshot}.html`), 'utf8');
      message.result = { data, next: null, size: Buffer.byteLength(data), left_out: 0 };
      planted.delete(message.id);
    }
    process.stdout.write(frame(JSON.stringify(message)));
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main(process.argv.slice(2));
}
