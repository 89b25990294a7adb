import { vi } from 'vitest';
import { WorkQueue } from '../../api/runtime/serving/work-queue.ts';
import { ClientGone, Problem } from '../../api/index.ts';

/** A queue whose time the test controls: timers are fake, and `now` reads them. */
export function queueOf({
  slots = 1,
  slotsMax = undefined as number | undefined,
  waitMsMax = 1_000,
  lengthMax = 100,
  isPatient = (): boolean => false,
  burstMsMax = 0,
} = {}): WorkQueue {
  return new WorkQueue({
    slots,
    slotsMax,
    waitMsMax,
    lengthMax,
    isPatient,
    burstMsMax,
    now: () => Date.now(),
  });
}

/** A task that the test ends. */
export class Piece {
  state: 'waiting' | 'running' | 'done' | 'failed' | 'refused' | 'gone' = 'waiting';
  /** Number of outcomes, which is always one. */
  ends = 0;
  waitedMs = NaN;
  readonly departure = new AbortController();
  #end: { resolve: () => void; reject: (error: Error) => void } | undefined;

  readonly client: string;
  readonly units: number;

  constructor(queue: WorkQueue, started?: Piece[], client = '', units = 1, isShort = false) {
    this.client = client;
    this.units = units;
    const end = (state: Piece['state']) => (): void => {
      this.state = state;
      this.ends++;
    };
    queue
      .run({ client, units, isShort, signal: this.departure.signal }, async (waitedMs) => {
        this.state = 'running';
        this.waitedMs = waitedMs;
        started?.push(this);
        await new Promise<void>((resolve, reject) => {
          this.#end = { resolve, reject };
        });
      })
      .then(end('done'), (error: unknown) => {
        if (error instanceof ClientGone) end('gone')();
        else if (error instanceof Problem && error.code === 'overloaded') end('refused')();
        else end('failed')();
      });
  }

  finish(): void {
    this.#end?.resolve();
  }

  fail(): void {
    this.#end?.reject(new Error('broken'));
  }
}

export const settle = async (): Promise<void> => {
  await vi.advanceTimersByTimeAsync(0);
};
/** Ends the tasks that run, one after another, until none is left. */
export async function finishAll(pieces: readonly Piece[]): Promise<void> {
  for (let i = 0; i <= pieces.length; i++) {
    for (const piece of pieces) piece.finish();
    await settle();
  }
}

export const clients: readonly string[] = ['ann', 'ben', 'cem'];
export const statesOf = (pieces: readonly Piece[]): string[] => pieces.map(({ state }) => state);
