// Every transcript against the real host.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { Port, scratch } from '../host/port.mjs';
import { matches, names, read } from './transcript.mjs';

for (const name of names) {
  test(name, async () => {
    const { folder, remove } = scratch();
    const port = new Port(folder);
    try {
      for (const { sent, message, line } of read(name)) {
        if (sent) {
          port.send(message);
          continue;
        }
        let answer = await port.next();
        while (answer?.method === 'progress' && message.method !== 'progress') {
          answer = await port.next();
        }
        matches(answer, message, `${name}:${line}`);
      }
      assert.equal(await port.close(), 0);
    } finally {
      await port.close();
      remove();
    }
  });
}

test('transcripts show every method of host/PROTOCOL.md', () => {
  const page = readFileSync(new URL('../../host/PROTOCOL.md', import.meta.url), 'utf8');
  const methods = page.slice(page.indexOf('## Methods'), page.indexOf('## Notifications'));
  const documented = [...methods.matchAll(/^### (.+)$/gm)].flatMap(([, names_]) =>
    names_.split(', '),
  );
  const shown = new Set(
    names.flatMap((name) => read(name).map(({ message }) => message.method ?? '')),
  );
  assert.ok(documented.length > 10);
  for (const method of documented) {
    assert.ok(shown.has(method), `no transcript calls ${method}`);
  }
});
