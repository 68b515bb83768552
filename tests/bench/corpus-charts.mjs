/** Charts, maps, formulas and drawings: canvas, WebGL and SVG. */
import { ourPage } from './corpus-page.mjs';

/** @type {import('./corpus.mjs').CorpusPage[]} */
export const CHARTS = [
  ourPage('chartjs', 'npm:chart.js@4.6.1'),
  ourPage('three', 'npm:three@0.187.0'),
  ourPage('echarts-zh', 'npm:echarts@6.1.0'),
  ourPage('d3', 'npm:d3@7.9.2'),
  ourPage('plotly', 'npm:plotly.js-dist-min@4.1.2'),
  ourPage('leaflet', 'npm:leaflet@1.9.4'),
];
