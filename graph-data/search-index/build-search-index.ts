import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { PinBoardGraph } from '../../engine/index.ts';
import { moduleBeside } from '../base/index.ts';
import type { DataFolder } from '../data-folder.ts';
import type { IndexTask } from './index-task.ts';
import type { IndexedTexts, SearchIndex } from './search-index.ts';
import { stemOfLanguage } from './stem.ts';

/**
 * Indexes the texts of the pins of a graph and of their boards, in a thread, about 0.1 ms a pin with a title and tags.
 * With the arm of searches in random order, signals are weighed
 * by clicks, too. Undefined if nothing is written anywhere. The thread keeps no process alive.
 */
export async function buildSearchIndex(
  folder: DataFolder,
  { pinToBoard, boardToPin }: PinBoardGraph,
  randomArm?: string,
): Promise<SearchIndex | undefined> {
  const task: IndexTask = { folder, graph: { pinToBoard, boardToPin }, randomArm };
  const worker = new Worker(moduleBeside('index-worker', import.meta.url), { workerData: task });
  worker.unref();
  try {
    const [index] = (await once(worker, 'message')) as [IndexedTexts | undefined];
    return index && { ...index, stem: await stemOfLanguage(index.language) };
  } finally {
    await worker.terminate();
  }
}
