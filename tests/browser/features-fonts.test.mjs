/** Fonts: faces that the page uses are kept, those that no text uses are not. */
import { features, untilReady } from './features.mjs';

/** What of these can still be loaded. */
const unused = async () => {
  const families = /** @type {string[]} */ ([]);
  for (const face of document.fonts) {
    const isThere = await face.load().then(
      () => true,
      () => false,
    );
    families.push(isThere ? face.family.replaceAll(/["']/g, '') : '');
  }
  return ['Unused', 'Printed'].filter((name) => families.includes(name));
};

features('fonts', [
  {
    site: 'fonts',
    facts: [
      {
        it: 'draws text with the faces that it was drawn with',
        green: '.sign',
      },
      {
        it: 'keeps their widths',
        see: () =>
          [...document.querySelectorAll('.sign')].map((each) => each.getBoundingClientRect().width),
        is: Array.from({ length: 11 }, () => 40),
      },
      {
        it: 'knows them as fonts of the page',
        see: () =>
          ['Plain', 'Formats', 'Local', 'Quoted Name'].map((name) =>
            document.fonts.check(`40px "${name}"`, '\uE004'),
          ),
        is: [true, true, true, true],
      },
      {
        it: 'leaves out the faces that no text uses',
        live: false,
        see: unused,
        is: [],
      },
    ],
  },
  {
    site: 'fonts-script',
    ready: untilReady,
    facts: [
      {
        it: 'keeps faces of linked, changed and adopted sheets',
        green: '#linked, #inserted, #adopted',
      },
      { it: 'keeps faces of data: URLs', green: '#data' },
      { it: 'keeps faces that scripts added by URL', green: '#added' },
      { it: 'keeps faces that scripts added as bytes', green: '#bytes' },
      { it: 'keeps faces that only shadow roots and frames use', green: '#host, #frame' },
    ],
  },
]);
