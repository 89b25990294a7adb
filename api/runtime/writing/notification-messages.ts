import type { NotificationStore, StorageFault } from '../../../graph-data/index.ts';

/** The messages between the main thread and the writer of channels and notifications. */

export interface NotificationWriterData {
  readonly dataFolder: string;
  readonly busyMs: number;
}

export type NotificationCalls = Omit<NotificationStore, 'close'>;

export interface NotificationWrites {
  readonly request: { readonly name: keyof NotificationCalls; readonly args: readonly unknown[] };
  readonly outcome:
    | { readonly result: unknown }
    /** Nothing of this call was written. */
    | { readonly unstored: { readonly reason: StorageFault; readonly detail: string | undefined } };
  readonly maintenance: { readonly kind: 'none' };
  readonly results: { readonly none: number };
}
