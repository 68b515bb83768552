/** Frames of every kind, objects and embeds: documents inside the page's own. */
import { features, untilReady } from './features.mjs';

const text = () => document.body.innerText.trim().replaceAll(/\s+/g, ' ');

features(
  'frames',
  [
    {
      site: 'frames',
      ready: untilReady,
      facts: [
        { it: 'shows frames of the same site, and nested ones', green: '#same, #nested, #lazy' },
        { it: 'shows srcdoc, its URLs by the base of the page', green: '#srcdoc' },
        { it: 'shows what scripts wrote or put into blank ones', green: '#written, #appended' },
        {
          it: 'shows sandboxed frames as their scripts left them',
          green: '#sandboxed, #scripted, #sandboxed-srcdoc',
        },
        {
          it: 'shows frames of data:, blob: and javascript: URLs',
          green: '#data, #blob, #javascript',
        },
        { it: 'shows where a frame has gone since', green: '#moved' },
        { it: 'shows frames in closed shadow roots', green: '#host' },
        { it: 'leaves frames their size, for media queries', green: '#media' },
        { it: 'leaves frames in quirks mode', green: '#quirky' },
        { it: 'keeps changed text', in: ['#same'], see: text, is: 'inside and changed' },
        { it: 'keeps where it has gone', in: ['#moved'], see: text, is: 'moved here' },
        { it: 'keeps written text', in: ['#written'], see: text, is: 'written' },
        { it: 'keeps appended text', in: ['#appended'], see: text, is: 'appended' },
        { it: 'keeps text of srcdoc', in: ['#srcdoc'], see: text, is: 'srcdoc' },
        {
          it: 'keeps three levels',
          in: ['#nested', '#level-two', '#level-three'],
          see: text,
          is: 'inside',
        },
        {
          it: 'keeps text that scripts made in sandboxes',
          in: ['#sandboxed-srcdoc'],
          see: text,
          is: 'made in a sandbox',
        },
      ],
    },
    {
      site: 'frames-other',
      ready: untilReady,
      facts: [
        { it: 'shows frames of another site as their scripts left them', green: '#other, #boxed' },
        { it: 'shows a frame of this site in one of another', green: '#back' },
        { it: 'keeps its text', in: ['#other'], see: text, is: 'after a script', live: false },
        {
          it: 'keeps the text in the innermost',
          in: ['#back', '#home'],
          see: text,
          is: 'after a script',
          live: false,
        },
      ],
    },
    {
      site: 'objects',
      ready: untilReady,
      missing: [],
      facts: [
        { it: 'shows objects with documents', green: '#html, #untyped, #changed' },
        { it: 'shows objects with pictures', green: '#svg, #png, #sized, #attributes' },
        { it: 'shows what is instead of one that is missing', green: '#instead' },
        { it: 'shows an object within one that is missing', green: '#inner' },
        { it: 'shows embeds', green: '#embed-html, #embed-svg, #embed-png' },
        { it: 'leaves what follows in its place', green: '#next' },
        {
          it: 'keeps what stands after embeds',
          see: () => document.getElementById('end')?.innerText,
          is: 'after all of them',
        },
        { it: 'keeps changed text', in: ['#changed'], see: text, is: 'in an object changed' },
      ],
    },
    {
      site: 'frameset',
      facts: [
        {
          it: 'lays frames out as the frameset did',
          see: () =>
            ['left', 'top', 'bottom'].map((id) => {
              const box = document.getElementById(id)?.getBoundingClientRect();
              return box && [Math.round(box.x), Math.round(box.y), Math.round(box.width)];
            }),
        },
        { it: 'shows them', green: '#left, #top, #bottom' },
        { it: 'keeps their text', in: ['#left'], see: text, is: 'left' },
        { it: 'keeps text of nested ones', in: ['#bottom'], see: text, is: 'right' },
      ],
    },
  ],
  { allSites: true },
);
