import { type Phase, addPhases, epochMs, isTraced } from '../tracing/index.ts';
import type { Done } from './walk-worker.ts';

/** When a run waited and worked. Clients that share it have these phases in each of their traces. */
export class RunTrace {
  readonly #phases: Phase[] = [];

  /** Undefined if nobody traces: then nothing is recorded, in threads either. */
  static start(): RunTrace | undefined {
    return isTraced() ? new RunTrace() : undefined;
  }

  /** A thread gets the task after a wait. Call the result with the thread's reply. */
  begin(lane: 'light' | 'heavy', waitedMs: number): (done: Done<unknown>) => void {
    const began = epochMs();
    const attributes = { 'pinwalk.lane': lane };
    return ({ outcome, phases = [] }) => {
      this.#phases.push({ name: 'queue', start: began - waitedMs, end: began, attributes });
      // A task that is given up, and starts again in the other lane, has no phases of its own.
      if (phases.length > 0) this.#phases.push(...phases);
      else {
        const isHandedOver = outcome === undefined;
        const handedOver = { ...attributes, 'pinwalk.handed_over': isHandedOver };
        this.#phases.push({ name: 'walk', start: began, end: epochMs(), attributes: handedOver });
      }
    };
  }

  /** Adds the phases to the active span. */
  add(): void {
    addPhases(this.#phases);
  }
}
