import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Frees the memory of this thread at once: V8 does not count what threads share, and may not collect garbage for hours. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/** Lengths of time, and the share of one from which this thread is not idle. */
const intervalMs = 100;
const intervalsMax = 20;
const busyShare = 0.01;

/** {@link collectGarbage} once this thread is idle; a thread that stays busy for two seconds soon does so by itself. */
export async function collectWhenIdle(): Promise<void> {
  for (let i = 0; i < intervalsMax; i++) {
    const before = performance.eventLoopUtilization();
    await pause(intervalMs, undefined, { ref: false });
    if (performance.eventLoopUtilization(before).utilization < busyShare) {
      collectGarbage();
      return;
    }
  }
}
