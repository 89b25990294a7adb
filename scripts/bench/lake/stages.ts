import { readFileSync, writeFileSync } from 'node:fs';

/** Time and memory of one step of a process. */
export interface Stage {
  readonly name: string;
  readonly seconds: number;
  /** Of all threads of the process. */
  readonly cpuSeconds: number;
  /** The highest resident memory during the step; NaN where the kernel does not say. */
  readonly peakBytes: number;
}

/** Measures the steps of this process one after another. */
export class StageClock {
  readonly stages: Stage[] = [];
  #name: string;
  #started = performance.now();
  #cpu = process.cpuUsage();

  constructor(name: string) {
    this.#name = name;
    resetPeak();
  }

  /** The step before ends, unless it has this name. */
  begin(name: string): void {
    if (name !== this.#name) this.end();
    this.#name = name;
  }

  end(): void {
    const { user, system } = process.cpuUsage(this.#cpu);
    const seconds = (performance.now() - this.#started) / 1000;
    this.stages.push({
      name: this.#name,
      seconds,
      cpuSeconds: (user + system) / 1e6,
      peakBytes: peakBytes(),
    });
    resetPeak();
    this.#started = performance.now();
    this.#cpu = process.cpuUsage();
  }
}

/** Linux counts the peak anew after a 5 (proc_pid_clear_refs(5)). */
function resetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Elsewhere there is no such file: peaks are NaN.
  }
}

function peakBytes(): number {
  try {
    return 1024 * Number(/^VmHWM:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? NaN);
  } catch {
    return NaN;
  }
}
