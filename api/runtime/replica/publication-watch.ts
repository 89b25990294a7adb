import { type DataFolder, type PublicationSource, adopt, messageOf } from '../../../graph-data/index.ts';
import type { GraphServer } from '../serving/index.ts';

interface PublicationWatchDeps {
  readonly folder: DataFolder;
  readonly source: PublicationSource;
  readonly graphs: Pick<GraphServer, 'current' | 'swap' | 'settled'>;
  /** Position of the database. */
  readonly position: () => number;
  readonly onFault: (fault: string) => void;
}

const everyMs = 5_000;

/**
 * Takes over the parts of a publication that are not changes: presets, experiments, names of interests, and
 * newer snapshots, so that replicas serve their writer's snapshot and respond as it does.
 */
export class PublicationWatch {
  readonly #deps: PublicationWatchDeps;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #seen: string | undefined;
  #fault: string | undefined;

  constructor(deps: PublicationWatchDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#looking = this.#looking.then(async () => this.#look());
    }, everyMs);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#stop.abort();
    await this.#looking;
  }

  /** Takes over the latest publication, if it is another one than before. Never rejects. */
  async #look(): Promise<void> {
    const { folder, source, graphs, position, onFault } = this.#deps;
    const { signal } = this.#stop;
    if (signal.aborted) return;
    try {
      const publication = await source.latest(signal);
      const { createdAt, snapshot } = publication;
      if (createdAt === this.#seen) return;
      const served = graphs.current;
      const withSnapshot =
        snapshot !== null &&
        snapshot.version !== served?.version &&
        snapshot.position >= (served?.header.position ?? 0);
      // It is taken over once this server has all changes that it covers.
      if (withSnapshot && snapshot.position > position()) return;
      await adopt(folder, source, publication, { withSnapshot, signal });
      if (withSnapshot) {
        await graphs.settled();
        await graphs.swap(snapshot.version, { force: true, pin: false });
      }
      this.#seen = createdAt;
      this.#fault = undefined;
    } catch (error) {
      const fault = messageOf(error);
      if (!signal.aborted && fault !== this.#fault) onFault(fault);
      this.#fault = fault;
    }
  }
}
