/** What the host is told with every capture and link: how this browser presents itself, what was chosen. */
import { agent } from './agent.js';
import { LIMITS } from './protocol.js';
import { readSettings } from './settings.js';

/**
 * A page must not choose addresses in the person's own network: what it links to on another host may
 * not be there.
 *
 * @param {string} url
 * @param {string | undefined} page - where the link stands; undefined: a person has given it
 * @returns {{ private?: false }}
 */
export function ofPage(url, page) {
  return page === undefined || hostOf(page) === hostOf(url) ? {} : { private: false };
}

/** @param {string} url */
const hostOf = (url) => (URL.canParse(url) ? new URL(url).hostname : '');

/**
 * @returns {Promise<{ user_agent: string, language: string, media_limit: number, fonts?: false }>}
 *   `fonts`: they are left out
 */
export async function wishes() {
  const { fonts, mediaLimit } = await readSettings();
  const bytes = Math.round(Number(mediaLimit));
  const limit = Math.min(Math.max(bytes || 0, 0), LIMITS.media);
  return { ...agent(), media_limit: limit, ...(fonts ? {} : { fonts: false }) };
}
