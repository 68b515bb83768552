/** @type {import('../server.mjs').Route} */
export default function route({ path, other }) {
  /** @type {Record<string, string>} */
  const moved = {
    'first.css': 'moved/sheet.css',
    'moved/other-moved.css': 'other.css',
    'cross.css': `${other}/css-base/moved/cross.css`,
  };
  return moved[path] ? { status: 302, headers: { location: moved[path] }, body: '' } : null;
}
