/** One line of the table: an attack, and whether pinwalk held. */
export interface Outcome {
  /** Stays the same from release to release: "memory/largest-requests". */
  readonly name: string;
  /** The attack, with its size: "50,000 requests of 64 kB". */
  readonly load: string;
  /** The figure, with its unit. */
  readonly measured: string;
  /** The bound of the figure, with its unit. */
  readonly bound: string;
  readonly held: boolean;
}

interface TrialOptions {
  /** Sizes that only show that the trial runs. */
  readonly isSmall: boolean;
  /** All that a trial chooses at random follows from it. */
  readonly seed: number;
  /** An empty folder of the trial's own; it is removed afterwards. */
  readonly folder: string;
}

/** An attack on a server of its own: bounded, on loopback, ends by itself. */
export type Trial = (options: TrialOptions) => Promise<readonly Outcome[]>;
