import fs from 'node:fs';

/** @type {import('../server.mjs').Route} */
export default function route({ path, request }) {
  if (path !== 'sub/sheet.css') {
    return null;
  }
  const text = fs.readFileSync(new URL('sub/sheet.css', import.meta.url), 'utf8');
  const body = text.replace('{{host}}', String(request.headers.host));
  return { headers: { 'content-type': 'text/css' }, body };
}
