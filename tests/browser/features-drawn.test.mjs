/** What scripts draw: canvases, WebGL, and the frame that a video shows. */
import { features, untilReady } from './features.mjs';

const hasWebGL = () => 'webgl' in document.documentElement.dataset;

features('what is drawn', [
  {
    site: 'canvas',
    ready: untilReady,
    facts: [
      { it: 'shows what was drawn', green: '#plain, #framed' },
      { it: 'shows it as large as rules make it', green: '#scaled, #fitted' },
      { it: 'shows a canvas that nothing was drawn on', green: '#clear' },
      { it: 'shows what workers and bitmaps drew', green: '#offscreen, #bitmap' },
      {
        it: 'shows canvases in shadow roots',
        see: () => {
          const canvas = document.getElementById('host')?.shadowRoot?.firstElementChild;
          return canvas && [canvas.clientWidth, canvas.clientHeight];
        },
        is: [40, 40],
      },
      { it: 'shows what holds a picture of another site', green: '#tainted' },
      {
        it: 'leaves rules that name canvases as they were',
        see: () => {
          const next = /** @type {Element} */ (document.getElementById('next'));
          const framed = /** @type {Element} */ (document.getElementById('framed'));
          return [getComputedStyle(next).color, getComputedStyle(framed).outlineStyle];
        },
        is: ['rgb(0, 128, 0)', 'solid'],
      },
    ],
  },
  {
    site: 'webgl',
    facts: [
      {
        it: 'shows what keeps its drawing buffer, and what is drawn again and again',
        green: '#kept, #looping',
        needs: [hasWebGL, 'there is no WebGL in this browser here'],
      },
      {
        it: 'shows what was drawn once',
        green: '#once, #second',
        needs: [hasWebGL, 'there is no WebGL in this browser here'],
      },
    ],
  },
  {
    site: 'video',
    ready: untilReady,
    facts: [
      { it: 'shows the frame of a stream', green: '#stream, #framed' },
      {
        it: 'shows the frame of a file that was stopped in the middle',
        green: '#file',
        color: 'white',
      },
      { it: 'shows the poster of one that was not started', green: '#poster' },
    ],
  },
]);
