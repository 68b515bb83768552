/** @type {import('../server.mjs').Route} */
export default function route({ path, url }) {
  const { id, color = 'green' } = Object.fromEntries(url.searchParams);
  switch (path) {
    case 'a.css': {
      const important = color === 'red' ? ' !important' : '';
      const body = `#${id} { background: ${color}${important} }`;
      return { headers: { 'content-type': 'text/css' }, body };
    }
    case 'plain.css':
      return {
        headers: { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' },
        body: '#plain { background: red !important }',
      };
    default:
      return null;
  }
}
