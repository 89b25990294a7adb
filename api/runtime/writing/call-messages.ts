import type { StorageFault } from '../../../graph-data/index.ts';

/** The messages between the main thread and a writer whose requests are calls of a store. */

export interface CallWriterData {
  readonly dataFolder: string;
  readonly busyMs: number;
}

export interface CallWrites {
  readonly request: { readonly name: string; readonly args: readonly unknown[] };
  readonly outcome:
    | { readonly result: unknown }
    /** Nothing of this call was written. */
    | { readonly unstored: { readonly reason: StorageFault; readonly detail: string | undefined } };
  readonly maintenance: { readonly kind: 'none' };
  readonly results: { readonly none: number };
}
