import type { Logger } from 'pino';
import {
  type ConsumedOffset,
  type DataFolder,
  type Store,
  readConsumed,
  removeUnstoredRejects,
} from '../../../graph-data/index.ts';
import type { GraphRole } from '../../contract/index.ts';
import type { Positions } from '../serving/index.ts';
import type { InteractionThread, WriteThread } from '../writing/index.ts';
import type { KafkaOptions } from './connection.ts';
import { ConsumeLoop, type ConsumeStats } from './consume-loop.ts';
import { ProduceLoop } from './produce-loop.ts';

interface StreamDeps {
  readonly folder: DataFolder;
  readonly store: Store;
  readonly writes: Pick<WriteThread, 'write' | 'writeRecords'>;
  readonly interactions: Pick<InteractionThread, 'writeLines'>;
  /** The earliest time of interactions that are kept. */
  readonly keptFrom: () => number;
  /** The position of the change log's end. */
  readonly committed: Positions;
  readonly now: () => number;
  readonly wallClock: () => number;
  readonly log: Pick<Logger, 'warn'>;
}

/** Of the writers' queues: no API key or address is called so. */
const client = 'kafka:';

/** Reads and writes topics of Kafka, each in a thread of its own: only with the options that say so. */
export class Stream {
  readonly #consumers: readonly (ConsumeLoop<GraphRole> | ConsumeLoop<'interactions'>)[];
  readonly #producer: ProduceLoop | undefined;

  constructor({ connection, consume, produce }: KafkaOptions, deps: StreamDeps) {
    const { folder, store, committed, now, log } = deps;
    const common = {
      connection,
      stored: (topics: readonly string[]): ConsumedOffset[] => {
        const stored = readConsumed(store.database);
        removeUnstoredRejects(folder, topics, stored);
        return stored;
      },
      now,
      onFault: (fault: string) => log.warn(fault),
    };
    const { interactions: own, ...others } = Object.fromEntries(consume) as { interactions?: string };
    const graph = new Map(Object.entries(others)) as Map<GraphRole, string>;
    const consumers: (ConsumeLoop<GraphRole> | ConsumeLoop<'interactions'>)[] = [];
    if (graph.size > 0) {
      consumers.push(new ConsumeLoop({ ...common, topics: graph, write: graphWriter(deps) }));
    }
    if (own !== undefined) {
      const topics = new Map([['interactions', own] as const]);
      consumers.push(new ConsumeLoop({ ...common, topics, write: interactionWriter(deps) }));
    }
    this.#consumers = consumers;
    if (produce !== undefined) {
      const task = { dataFolder: folder.root, connection, topic: produce };
      this.#producer = new ProduceLoop({ ...common, task, committed });
    }
  }

  /** Milliseconds since the server had all records of its topics; Infinity before that. */
  get lagMs(): number {
    return Math.max(0, ...this.#consumers.map(({ lag }) => lag.ms));
  }

  /** Records in the topics that are not stored yet; infinite before the topics were reached. */
  get recordsBehind(): number {
    return this.#consumers.reduce((sum, { lag }) => sum + lag.behind, 0);
  }

  /** Milliseconds since the topic had all changes, and how many it lacks. */
  get produced(): { readonly lagMs: number; readonly behind: number; readonly written: number } {
    const { lag, written = 0 } = this.#producer ?? {};
    return { lagMs: lag?.ms ?? 0, behind: lag?.behind ?? 0, written };
  }

  count(what: keyof ConsumeStats): number {
    return this.#consumers.reduce((sum, { stats }) => sum + stats[what], 0);
  }

  start(): void {
    for (const each of this.#consumers) each.start();
    this.#producer?.start();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#consumers, this.#producer].map(async (each) => each?.close()));
  }
}

function graphWriter({
  writes,
  wallClock,
}: StreamDeps): ConstructorParameters<typeof ConsumeLoop<GraphRole>>[0]['write'] {
  return async (block) => {
    const queued = { changes: block.offsets.length, client, isOfStream: true };
    return (await writes.writeRecords({ records: block, time: wallClock() }, queued)).consumed;
  };
}

/**
 * Interactions are in files of their own, and no transaction spans two files: their offsets follow them. If a kill comes between, they are
 * read again, and are present already: the same id or content of a day is stored once.
 */
function interactionWriter({
  interactions,
  writes,
  wallClock,
  keptFrom,
}: StreamDeps): ConstructorParameters<typeof ConsumeLoop<'interactions'>>[0]['write'] {
  return async (block) => {
    const time = wallClock();
    const queued = { changes: block.offsets.length, client, isOfStream: true };
    const { rejects } = await interactions.writeLines({ records: block, time, from: keptFrom() }, queued);
    const offsets = { changes: [], time, isWhole: false, consumed: block.parts };
    const { state } = await writes.write(offsets, client);
    return state === 'done' ? { rejected: rejects.length } : undefined;
  };
}
