import { parentPort, workerData } from 'node:worker_threads';
import { openDataFolder } from '../../../graph-data/base/index.ts';
import {
  LiveContent,
  pinTextReader,
  pinVectorReader,
  readVectors,
} from '../../../graph-data/content/index.ts';
import { Store, readChanges } from '../../../graph-data/database/index.ts';
import type { LoadedSnapshot } from '../../../graph-data/snapshot/index.ts';

/** The thread's inputs. */
export interface ContentTask {
  readonly dataFolder: string;
  readonly snapshot: Pick<LoadedSnapshot, 'graph' | 'content' | 'header'>;
}

/** To the thread: changes may have been committed; or that it should end. */
export type ContentMessage = 'follow' | 'close';

/** Pins of which a thread may be behind at a time. */
const changesPerSlice = 1_000;

const { dataFolder, snapshot } = workerData as ContentTask;
const store = Store.open(openDataFolder(dataFolder));
const textOf = pinTextReader(store.database);
const vectorsOf = pinVectorReader(store.database);
const content = new LiveContent(
  snapshot.graph,
  snapshot.content!,
  snapshot.header.options.content!,
  readVectors(store.database),
);
let position = snapshot.header.position;

parentPort!.on('message', (message: ContentMessage) => {
  if (message === 'follow') follow();
  else {
    parentPort!.close();
    store.close();
  }
});

/** Links the pins that came, changed or went since the last call. A log that starts later means that a build is due. */
function follow(): void {
  for (;;) {
    const pins = new Set<number>();
    const onChange = (kind: string, a: number): void => {
      if (kind === 'pin' || kind === 'pin-gone') pins.add(a);
    };
    const next = readChanges(store.database, position, onChange, changesPerSlice);
    if (next === undefined) return;
    for (const pin of pins) content.update(pin, textOf(pin), vectorsOf(pin));
    if (next < position + changesPerSlice) {
      position = next;
      return;
    }
    position = next;
  }
}
