import { DataError } from './errors.ts';

/** Lets timers, signals and the progress bar have their turn in long work; throws when it is to stop. */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await new Promise(setImmediate);
  if (signal?.aborted === true) throw new DataError('stopped', 'stopped; nothing was kept');
}
