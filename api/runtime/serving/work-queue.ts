import { LRUCache } from 'lru-cache';
import { LinkedList, Problem } from '../../base/index.ts';

interface WorkQueueOptions {
  /** Tasks that run at once. */
  readonly slots: number;
  /** While all are short, so many more run at once that these take {@link aheadMsMax} together, up to this. Default: `slots`. */
  readonly slotsMax?: number | undefined;
  /** A task that is unlikely to start within this time is refused on arrival. */
  readonly waitMsMax: number;
  readonly lengthMax: number;
  /** Whether tasks may wait several times as long for now, rather than be refused. Default: never. */
  readonly isPatient?: (() => boolean) | undefined;
  /**
   * While the queue has been standing for less than this, it holds a burst, which may wait longer as well. An admitted task waits so much
   * longer before it is refused. Default: 0.
   */
  readonly burstMsMax?: number | undefined;
  /** Milliseconds that never go back. */
  readonly now: () => number;
}

export interface Turn {
  /** Whose turn it is: clients with tasks get turns by their work. */
  readonly client: string;
  /** The work of the task as far as it is known before, in units; see {@link WorkQueue.correct}. */
  readonly units: number;
  /** Whether it surely takes little: only such tasks run beyond `slots`, and none behind a longer one. Default: false. */
  readonly isShort?: boolean | undefined;
  /** Aborted when nobody needs the result any more. */
  readonly signal?: AbortSignal | undefined;
}

/** The waiting tasks of one client. */
interface Line {
  readonly waiting: LinkedList<Waiting>;
  /** Work of the tasks that have started, in units. Never less than that of the client served last. */
  used: number;
  /** Takes the line out of those in which a task waits. */
  leave: () => void;
}

interface Waiting {
  readonly since: number;
  readonly units: number;
  readonly isShort: boolean;
  readonly start: (waitedMs: number) => void;
  readonly refuse: () => void;
}

/**
 * A task is admitted while its expected wait is at most this share of the longest one. Durations vary: at
 * twice the sustainable rate, 11 % of the tasks admitted up to the whole waited in vain (docs/perf-notes.md).
 */
const expectedShare = 0.5;
/** Of all tasks that run, while there are more than `slots`: another client's task waits no longer behind them. */
const aheadMsMax = 4;
/** How many times as long tasks may wait while the queue is patient, and in a burst. */
const patienceOnDemand = 8;
const patienceInBurst = 4;
/** Weight of the latest task in the running means of durations. */
const latestShare = 0.05;
/** A task counts as at most so many times the typical duration in that: a stall, which hits all that run, hardly raises it. */
const typicalTimesMax = 4;
/** One for all: V8 would record a stack for each, and an overloaded server refuses thousands a second. */
const overloaded = new Problem('overloaded', 'more requests than this server can answer in time', [], {
  'Retry-After': '1',
});
/** Clients whose work is remembered. */
const linesMax = 10_000;

/**
 * Limits how many tasks run at once. Each client has a line of its own; the next task is the first one of the client that
 * has used the least work (start-time fair queueing, Goyal et al., SIGCOMM 1996, doi:10.1145/248156.248171): many or
 * expensive tasks of one client do not delay another. Who comes back after a pause has no credit from it.
 *
 * A task whose expected wait, by the mean duration of recent tasks, is over half of `waitMsMax` is refused with
 * `overloaded` on arrival, so that the client learns at once. In a full queue, the longest line makes room.
 *
 * A queue that was empty a moment ago holds a burst, after a stall of the machine for instance, which is over soon; one that has been standing
 * for longer means overload, and only then waits are kept short (CoDel's rule: Nichols and Jacobson 2012, doi:10.1145/2209249.2209264;
 * for servers: Maurer, "Fail at Scale", ACM Queue 13(8), 2015, doi:10.1145/2838344.2839461). After a stall of 60 ms, four tasks that took so long
 * make the mean ten times as long, and a queue that is gone in 30 ms looks like one of 300. So in a burst, and while the queue is patient, the
 * forecast is by the typical duration, on which such tasks count for little (docs/perf-notes.md).
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #lines = new LRUCache<string, Line>({ max: linesMax });
  /** Those in which a task waits. */
  readonly #busy = new LinkedList<Line>();
  #length = 0;
  /** When the queue was empty last; of no meaning while it is. */
  #standingSince = 0;
  #running = 0;
  /** Those of the running ones that are not short. */
  #long = 0;
  /** Mean time between the ends of two tasks while all slots are in use. */
  #meanMs: number;
  #typicalMs: number;
  /** The work that the client served last had used before. */
  #served = 0;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
    this.#meanMs = 1 / options.slots;
    this.#typicalMs = this.#meanMs;
  }

  get length(): number {
    return this.#length;
  }

  get running(): number {
    return this.#running;
  }

  /** Runs the task when its turn comes, unless the signal is aborted before. */
  async run<Result>(turn: Turn, task: (waitedMs: number) => Promise<Result>): Promise<Result> {
    const waitedMs = await this.#turn(turn);
    const started = this.#options.now();
    // It ends after those that run already: of a burst, the last ones take longest.
    const before = Math.max(this.#options.slots, this.#running);
    try {
      return await task(waitedMs);
    } finally {
      this.#measure((this.#options.now() - started) / before);
      this.#running--;
      if (turn.isShort !== true) this.#long--;
      this.#startNext();
    }
  }

  /**
   * Corrects the work of a client by the difference between a task's actual work and its `units`; below 0 for
   * less.
   */
  correct(client: string, units: number): void {
    const line = this.#lines.peek(client);
    if (line !== undefined) line.used += units;
  }

  /** Throws `overloaded` if a task of the client would be refused on arrival for its wait. */
  assertInTime(client: string): void {
    if (!this.#hasRoomFor(false) && !this.#isInTime(this.#lineOf(client))) throw overloaded;
  }

  #measure(ms: number): void {
    this.#meanMs += latestShare * (ms - this.#meanMs);
    this.#typicalMs += latestShare * (Math.min(ms, typicalTimesMax * this.#typicalMs) - this.#typicalMs);
  }

  #turn({ client, units, isShort = false, signal }: Turn): Promise<number> {
    if (signal?.aborted === true) return Promise.reject(new ClientGone());
    const line = this.#lineOf(client);
    // A short task does not overtake a longer one that waits for a slot: many would keep it waiting for good.
    if (this.#length === 0 && this.#hasRoomFor(isShort)) {
      this.#begin(line, units, isShort);
      return Promise.resolve(0);
    }
    if (!this.#admits(line)) return Promise.reject(overloaded);
    const { waitMsMax, burstMsMax = 0 } = this.#options;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', gone);
        takeOut();
        this.#length--;
        if (line.waiting.size === 0) line.leave();
      };
      const waiting: Waiting = {
        since: this.#options.now(),
        units,
        isShort,
        start: (waitedMs) => {
          leave();
          resolve(waitedMs);
        },
        refuse: () => {
          leave();
          reject(overloaded);
        },
      };
      const gone = (): void => {
        leave();
        reject(new ClientGone());
      };
      // Refused late, a task has waited in vain: it waits out a stall that began after its admission.
      const timer = setTimeout(waiting.refuse, this.#patience * waitMsMax + burstMsMax);
      signal?.addEventListener('abort', gone, { once: true });
      if (this.#length === 0) this.#standingSince = waiting.since;
      if (line.waiting.size === 0) line.leave = this.#busy.add(line);
      const takeOut = line.waiting.add(waiting);
      this.#length++;
    });
  }

  #lineOf(client: string): Line {
    let line = this.#lines.get(client);
    if (line === undefined) {
      line = { waiting: new LinkedList(), used: 0, leave: () => {} };
      this.#lines.set(client, line);
    }
    line.used = Math.max(line.used, this.#served);
    return line;
  }

  #isInTime({ waiting: { size: own } }: Line): boolean {
    const patience = this.#patience;
    // Each of the others has a turn before each of its own, while it has tasks.
    const lines = this.#busy.size + Number(own === 0);
    const betweenMs = patience > 1 ? Math.min(this.#typicalMs, this.#meanMs) : this.#meanMs;
    const expectedMs = Math.min(this.#length + 1, (own + 1) * lines) * betweenMs;
    return expectedMs <= expectedShare * patience * this.#options.waitMsMax;
  }

  /** Whether one more task may run. */
  #hasRoomFor(isShort: boolean): boolean {
    const { slots, slotsMax = slots } = this.#options;
    const running = this.#running;
    if (running < slots) return true;
    return isShort && this.#long === 0 && running < slotsMax && running * this.#meanMs <= aheadMsMax;
  }

  /** How many times as long tasks may wait now. */
  get #patience(): number {
    const { isPatient, burstMsMax = 0, now } = this.#options;
    if (isPatient?.() === true) return patienceOnDemand;
    const standingMs = this.#length === 0 ? 0 : now() - this.#standingSince;
    return standingMs < burstMsMax ? patienceInBurst : 1;
  }

  /** Whether one more task may wait in the line; makes room for it where a longer line has some. */
  #admits(line: Line): boolean {
    if (!this.#isInTime(line)) return false;
    if (this.#length < this.#options.lengthMax) return true;
    let longest = line;
    for (const each of this.#busy) if (each.waiting.size > longest.waiting.size) longest = each;
    if (longest.waiting.size <= line.waiting.size + 1) return false;
    let last: Waiting | undefined;
    for (const waiting of longest.waiting) last = waiting;
    last?.refuse();
    return true;
  }

  #begin(line: Line, units: number, isShort: boolean): void {
    this.#running++;
    if (!isShort) this.#long++;
    this.#served = line.used;
    line.used += units;
  }

  #startNext(): void {
    const { now } = this.#options;
    while (this.#hasRoomFor(true)) {
      let next: Line | undefined;
      for (const line of this.#busy) if (next === undefined || line.used < next.used) next = line;
      if (next === undefined) return;
      for (const waiting of next.waiting) {
        if (!this.#hasRoomFor(waiting.isShort)) return;
        this.#begin(next, waiting.units, waiting.isShort);
        waiting.start(now() - waiting.since);
        break;
      }
    }
  }
}

/** The client disconnected before its turn: no response is due. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}
