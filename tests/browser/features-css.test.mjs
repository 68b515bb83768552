/** Style sheets: every way in which CSS names a file, and every rule that a browser understands. */
import { features, untilReady } from './features.mjs';

features('CSS', [
  {
    site: 'css-urls',
    facts: [
      { it: 'finds url() in every spelling', green: '.box' },
      {
        it: 'leaves words in strings alone',
        see: () => {
          const box = /** @type {Element} */ (document.getElementById('no-url'));
          return getComputedStyle(box, '::after').content;
        },
        is: '"url(red.svg)"',
      },
    ],
  },
  {
    site: 'css-images',
    facts: [
      {
        it: 'keeps the pictures of image-set()',
        green: '#set, #set-url, #set-type, #set-webkit, #set-gradient, #set-upper, #set-dpi',
      },
      {
        it: 'keeps those of cross-fade()',
        green: '#fade',
        lacks: { firefox: 'Firefox has no cross-fade()' },
      },
      {
        it: 'passes src(), image() and what a browser does not know',
        green: '#src, #image, #fade-standard',
      },
      {
        it: 'keeps pictures in content and in variables',
        green: '#content, #content-set, #variable',
      },
    ],
  },
  {
    site: 'css-import',
    missing: ['/css-import/missing.css'],
    facts: [
      { it: 'follows @import in every spelling', green: '#one, #two, #commented, #escaped' },
      {
        it: 'keeps layers, conditions and media',
        green: '#three, #layered, #supported, #media, #all',
      },
      { it: 'follows them into folders, by their own base', green: '#nested, #nested-picture' },
      { it: 'ends where they go in circles', green: '#circle' },
      { it: 'knows those that stand too late', green: '#late, #last' },
      { it: 'follows those in linked sheets and in shadow roots', green: '#linked, #shadow' },
    ],
  },
  {
    site: 'css-rules',
    facts: [
      { it: 'keeps @namespace and what it means', green: '#svg, #namespace' },
      { it: 'keeps the order of layers', green: '#layer, #layer-nested' },
      { it: 'keeps container queries', green: '#container' },
      {
        it: 'keeps those about styles',
        green: '#container-style',
        needs: [
          () => {
            const box = /** @type {Element} */ (document.getElementById('container-style'));
            return getComputedStyle(box).backgroundColor === 'rgb(0, 128, 0)';
          },
          'the browser has no style queries',
        ],
      },
      { it: 'keeps nested rules', green: '#nested, #nested-media, #nested-child' },
      { it: 'keeps conditions', green: '#supports, #media-range' },
      {
        it: 'keeps @property, @counter-style and @starting-style',
        green: '#property, #counter, #starting',
      },
      {
        it: 'keeps @scope',
        green: '#scope, #scope-limit',
        needs: [() => 'CSSScopeRule' in globalThis, 'the browser has no @scope'],
      },
      { it: 'keeps selectors', green: '#is, #where, #has, #nth, #not, #lang' },
      { it: 'keeps values', green: '#calc, #mix, #vars, #attr' },
    ],
  },
  {
    site: 'css-variables',
    facts: [
      {
        it: 'keeps URLs in custom properties, of rules, attributes and scripts',
        green: '.box, #host',
      },
    ],
  },
  {
    site: 'css-charset',
    facts: [
      { it: 'reads sheets by header, @charset, link and mark', green: '.box' },
      {
        it: 'reads their text',
        see: () =>
          [...document.querySelectorAll('.box')].map(
            (each) => getComputedStyle(each, '::after').content,
          ),
        is: Array.from({ length: 7 }, () => '"快照"'),
      },
    ],
  },
  {
    site: 'css-base',
    ready: untilReady,
    facts: [
      { it: 'resolves by where a redirect led', green: '#redirected, #imported, #crossed' },
      {
        it: 'resolves by the sheet and by <base>',
        green: '#own, #style, #attribute, #image, #host',
      },
    ],
  },
  {
    site: 'css-alternate',
    ready: untilReady,
    facts: [
      { it: 'applies the sheets that were on', green: '#preferred, #picked, #screen, #in-body' },
      { it: 'applies those that came late', green: '#deferred, #preloaded' },
      { it: 'leaves off those that were off', green: '#alternate, #disabled, #off-box, #print' },
      { it: 'ignores what is no CSS', green: '#less, #plain, #style-type' },
      {
        it: 'keeps the media of <style>',
        green: '#style-print, #style-media, #style-off, #style-title',
      },
    ],
  },
  {
    site: 'css-keyframes',
    ready: untilReady,
    facts: [
      { it: 'keeps pictures in keyframes', green: '#style, #linked' },
      { it: 'leaves animations where they were', green: '#transition, #finished, #paused' },
      { it: 'shows what scripts animated', green: '#animated, #filled' },
    ],
  },
  {
    site: 'css-broken',
    facts: [{ it: 'passes what cannot be parsed, and all that comes after it', green: '.box' }],
  },
  {
    site: 'css-places',
    facts: [
      {
        it: 'keeps pictures in content, borders and lists',
        green: '#before, #after, #border, #list, #marker',
      },
      {
        it: 'keeps masks, clips and filters',
        green: '#mask, #mask-image, #mask-inside, #clip, #filter',
      },
      { it: 'keeps filters in other files', green: '#filter-file' },
      {
        it: 'keeps shapes and backgrounds',
        green: '#shape i, #letter, #fixed, #under, #selection, #cell',
      },
      { it: 'keeps pictures in SVG', green: '#paint, #image, #image-old, #fe-image' },
    ],
  },
]);
