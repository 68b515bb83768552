// What processes do to a store while they are killed. Each piece of work says beforehand what may
// become of the pages, and tells the model when its answer is there.
import { editMany, rename, trash, update } from './kills-edits.mjs';
import { hide, mark, picture, remark } from './kills-marks.mjs';
import { queueLinks, runQueue, saveLink, saveTab } from './kills-saves.mjs';
import { backup, check, collect, empty, find } from './kills-upkeep.mjs';

/** What a port may do, as often as it stands here. */
export const forPorts = [
  ...Array(4).fill(saveLink),
  ...Array(4).fill(saveTab),
  queueLinks,
  runQueue,
  ...Array(2).fill(update),
  ...Array(2).fill(editMany),
  ...Array(2).fill(rename),
  ...Array(2).fill(trash),
  ...Array(2).fill(mark),
  ...Array(2).fill(remark),
  ...Array(2).fill(hide),
  picture,
  empty,
  find,
];

/** And a terminal. */
export const forTerminals = [
  ...Array(3).fill(saveLink),
  queueLinks,
  runQueue,
  update,
  rename,
  ...Array(2).fill(trash),
  ...Array(2).fill(hide),
  ...Array(2).fill(collect),
  check,
  ...Array(2).fill(empty),
  backup,
];
