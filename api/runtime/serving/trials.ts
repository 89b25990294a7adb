import { LRUCache } from 'lru-cache';
import { type Turn, WorkQueue } from './work-queue.ts';

/** Light tasks in a row after which the tasks of a client need no turn here. */
const provenAfter = 20;
/** Clients whose latest tasks are remembered. */
const clientsMax = 10_000;

/**
 * Tries tasks of unknown work in the light lane. A task that turns out to be heavy holds a thread until it is abandoned,
 * so a few of them at once would hold all. Hence the tasks of a client take turns, a few at a time among all clients, until
 * enough of them in a row were light; one that was not begins the count again.
 */
export class Trials {
  readonly #turns: WorkQueue;
  readonly #lightInRow = new LRUCache<string, number>({ max: clientsMax });

  /** `slots` of the options: trials at once of clients whose tasks are not known to be light. */
  constructor(options: ConstructorParameters<typeof WorkQueue>[0]) {
    this.#turns = new WorkQueue(options);
  }

  /** Trials that wait for their turn. */
  get length(): number {
    return this.#turns.length;
  }

  /** Runs the trial, which resolves to undefined if its task turned out to be heavy. */
  async run<Outcome>(
    turn: Turn,
    trial: (waitedMs: number) => Promise<Outcome | undefined>,
  ): Promise<Outcome | undefined> {
    const isProven = this.#lightOf(turn) >= provenAfter;
    const outcome = isProven ? await trial(0) : await this.#turns.run(turn, trial);
    this.#lightInRow.set(turn.client, outcome === undefined ? 0 : this.#lightOf(turn) + 1);
    return outcome;
  }

  #lightOf({ client }: Turn): number {
    return this.#lightInRow.get(client) ?? 0;
  }
}
