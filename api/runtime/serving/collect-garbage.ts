import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Frees the memory of this thread at once: V8 does not count what threads share, and may not collect garbage for hours. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/** A length of time, for at most how many of them to wait (an hour), and the share of one from which this thread is busy. */
const intervalMs = 100;
const intervalsMax = 36_000;
const busyShare = 0.01;

/** Collects the garbage of this thread once it is idle. */
export class IdleCollector {
  readonly #stop: AbortSignal;
  #isWaiting = false;

  /** An abort ends the wait. */
  constructor(stop: AbortSignal) {
    this.#stop = stop;
  }

  /** {@link collectGarbage} at the first moment at which this thread is idle, once for all calls until then. */
  async collect(): Promise<void> {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    for (let i = 0; i < intervalsMax && !this.#stop.aborted; i++) {
      const before = performance.eventLoopUtilization();
      await pause(intervalMs, undefined, { ref: false });
      if (performance.eventLoopUtilization(before).utilization < busyShare) {
        collectGarbage();
        break;
      }
    }
    this.#isWaiting = false;
  }
}
