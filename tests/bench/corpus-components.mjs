/** Component libraries, editors and slides, in pages that their scripts build. */
import { ourPage } from './corpus-page.mjs';

/** @type {import('./corpus.mjs').CorpusPage[]} */
export const COMPONENTS = [
  ourPage('bootstrap', 'npm:bootstrap@5.3.9', 'npm:bootstrap-icons@1.13.2'),
  ourPage('shoelace', 'npm:@shoelace-style/shoelace@2.20.1'),
  ourPage('bulma', 'npm:bulma@1.0.4', 'npm:@fortawesome/fontawesome-free@7.3.1'),
  ourPage('element-plus-zh', 'npm:element-plus@2.14.8', 'npm:vue@3.5.45'),
  ourPage('ionic', 'npm:@ionic/core@9.0.5'),
  ourPage('swiper', 'npm:swiper@14.4.0', 'deb:python3.11-doc'),
  ourPage('tabulator', 'npm:tabulator-tables@6.5.3'),
  ourPage('codemirror', 'npm:codemirror@5.65.21'),
  ourPage('highlight', 'npm:@highlightjs/cdn-assets@11.12.0'),
  ourPage(
    'chinese-fonts',
    'npm:@fontsource/zcool-xiaowei@5.3.0',
    'npm:@fontsource/ma-shan-zheng@5.3.1',
  ),
  {
    name: 'reveal',
    path: '/npm/reveal.js/demo.html',
    packages: ['npm:reveal.js@5.2.1', 'npm:leaflet@1.9.4'],
    ready: 'globalThis.Reveal?.isReady()',
    twists: {
      '/npm/reveal.js/demo.html': {
        replace: [
          [
            /(?<=src="|data-[a-z-]+=")https?:[^"]+\.(png|svg|gif)/g,
            '/npm/leaflet/dist/images/marker-icon-2x.png',
          ],
          [/https?:[^"]+\.mp4/g, '/pages/none.mp4'],
          [/(?<=data-preview-link="|iframe(?: data-src)?=")https?:[^"]+/g, 'about:blank'],
        ],
      },
    },
  },
  {
    name: 'impress',
    path: '/npm/impress.js/index.html',
    packages: ['npm:impress.js@1.1.0'],
    ready: "document.body.classList.contains('impress-enabled')",
  },
];
