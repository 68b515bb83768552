/** The head of the viewer: what is known of the snapshot, and its versions. */
import { $, el } from '../lib/dom.js';
import * as format from '../lib/format.js';
import { language, t } from '../lib/i18n.js';
import { docText } from '../lib/jobwords.js';
import { straight, webHref } from '../lib/outside.js';
import { hopsButton } from './hops.js';

/** @typedef {import('../lib/protocol.js').Snapshot} Snapshot */

/**
 * @param {Snapshot} snapshot
 * @param {Snapshot[]} versions - newest first
 * @param {boolean} asText - of a PDF, its text is shown
 */
export function showFacts(snapshot, versions, asText) {
  const title = snapshot.title || snapshot.url;
  document.title = `${straight(title)} · ${t('name')}`;
  $('#title').textContent = title;
  $('#title').title = title;
  const saved = el('time', {}, format.moment(snapshot.taken, language));
  const site = el('a', {
    href: webHref(snapshot.url),
    rel: 'noreferrer',
    dir: 'ltr',
    title: snapshot.url,
  });
  site.textContent = format.site(snapshot.url);
  const { file } = snapshot;
  const size = format.bytes(file?.bytes ?? snapshot.bytes, language);
  const kind = docText(snapshot.kind);
  const facts = [site, saved, kind ? `${kind}, ${size}` : size, hopsButton(snapshot)];
  $('#facts').replaceChildren(...facts.flatMap((fact, i) => (fact ? [i ? ' · ' : '', fact] : [])));
  $('#form .wide').textContent = asText ? t('docPdf') : t('viewerText');
  $('#form').title = t(asText ? 'viewerAsPdf' : 'viewerAsText');
  const href = webHref(snapshot.url);
  $('#original').setAttribute('href', href ?? '');
  $('#original').hidden = href === null;
  $('#page-open').setAttribute('href', `/page/page.html?page=${snapshot.page}`);
  const options = versions.map(({ snapshot: id, taken, version }) => {
    const text = t('viewerVersion', version, format.moment(taken, language, 'medium'));
    return el('option', { value: id, selected: id === snapshot.snapshot }, text);
  });
  $('#versions').replaceChildren(...options);
  $('.versions').hidden = versions.length < 2;
  $('#tools').hidden = false;
}
