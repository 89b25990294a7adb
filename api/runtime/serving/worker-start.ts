const [ready, turn, never] = [0, 1, 2];
/** A worker that never gets ready, because it failed, is counted again after this time. */
const countAgainMs = 100;
/** How many times as long as it works a worker rests that starts beside others. */
const restShare = 3;

/** How the workers of one pool start, in memory that they share: how many are ready, and whose turn it is. */
export class WorkerStart {
  readonly fields: Int32Array<SharedArrayBuffer>;

  constructor(fields = new Int32Array(new SharedArrayBuffer(12))) {
    this.fields = fields;
  }

  /** In a worker: it has loaded its code and warmed up. */
  markReady(): void {
    Atomics.add(this.fields, ready, 1);
    Atomics.notify(this.fields, ready);
  }

  /** Resolves once as many workers are ready as there are, by `count`. */
  async allReady(count: () => number): Promise<void> {
    for (;;) {
      const now = Atomics.load(this.fields, ready);
      if (now >= count()) return;
      await Atomics.waitAsync(this.fields, ready, now, countAgainMs).value;
    }
  }

  /** In a worker: loads its code when no other worker of the pool does. Blocks the thread, which has nothing else to do. */
  async inTurn<Module>(load: () => Promise<Module>): Promise<Module> {
    while (Atomics.compareExchange(this.fields, turn, 0, 1) !== 0) Atomics.wait(this.fields, turn, 1);
    try {
      return await load();
    } finally {
      Atomics.store(this.fields, turn, 0);
      Atomics.notify(this.fields, turn, 1);
    }
  }

  /** In a worker: works, then leaves the core to those who serve. Blocks the thread. */
  async restAfter(work: () => unknown): Promise<void> {
    const began = performance.now();
    await work();
    Atomics.wait(this.fields, never, 0, restShare * (performance.now() - began));
  }
}
