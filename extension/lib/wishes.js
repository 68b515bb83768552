/** What the host is told with every capture and link: how this browser presents itself, what was chosen. */
import { agent } from './agent.js';
import { LIMITS } from './protocol.js';
import { readSettings } from './settings.js';

/** @returns {Promise<{ user_agent: string, language: string, media_limit: number }>} */
export async function wishes() {
  const { mediaLimit } = await readSettings();
  const bytes = Math.round(Number(mediaLimit));
  return { ...agent(), media_limit: Math.min(Math.max(bytes || 0, 0), LIMITS.media) };
}
