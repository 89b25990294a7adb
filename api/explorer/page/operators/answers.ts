import type { GraphAnswer } from '../rest/index.ts';

/** What the calls for operators answer, as far as this view reads it. */

export interface Snapshot {
  readonly version: string;
  readonly bytes: number;
  readonly builtAt: string;
  /** Named by the pointer on disk. */
  readonly active: boolean;
  /** Answers now. */
  readonly served: boolean;
}

export interface Activation {
  readonly version: string;
  readonly previous: string | null;
  readonly overlap: number | null;
  readonly swapMs: number;
}

export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly phase: string | null;
  readonly done: number | null;
  readonly total: number | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly problem: { readonly code: string; readonly detail: string } | null;
}

export interface GraphFacts extends GraphAnswer {
  readonly degrees: Readonly<Record<'pins' | 'boards', { readonly p50: number; readonly max: number }>>;
  readonly bytes: number;
  readonly communities: readonly number[] | null;
  readonly reserveLeft: number | null;
  readonly addedSinceBuild: number;
}
