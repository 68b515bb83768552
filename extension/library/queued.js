/** Links that were put into the queue from here: how many is told, with the way back. */
import { plural, t } from '../lib/i18n.js';
import { LIMITS } from '../lib/protocol.js';
import { runQueue } from '../lib/queue.js';
import { toast } from '../lib/toast.js';
import { offerUndo } from '../lib/undo.js';

/**
 * @param {import('../lib/host.js').Host} host
 * @param {import('../lib/queue.js').QueueAdded} added
 * @param {() => void} onQueued
 */
export async function tellQueued(host, { jobs, refused }, onQueued) {
  const numbers = jobs.map(({ job }) => job);
  const words = [
    jobs.length ? plural('linksAdded', jobs.length) : '',
    refused.length ? plural('linksRefused', refused.length) : '',
  ].filter(Boolean);
  await runQueue();
  onQueued();
  if (numbers.length === 0) {
    toast(words.join(' · ') || t('linksNone'));
    return;
  }
  const act = async () => {
    for (let i = 0; i < numbers.length; i += LIMITS.jobNumbers) {
      const some = { jobs: numbers.slice(i, i + LIMITS.jobNumbers) };
      await host.request('queue.cancel', some);
      await host.request('queue.clear', some);
    }
    onQueued();
    toast(t('undone'));
  };
  offerUndo(words.join(' · '), act);
}
