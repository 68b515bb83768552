/** @type {import('../server.mjs').Route} */
export default function route({ url }) {
  // A sheet whose condition does not hold would be red.
  return ['?no', '?print'].includes(url.search)
    ? {
        headers: { 'content-type': 'text/css' },
        body: '#supported, #media { background: red !important }',
      }
    : null;
}
