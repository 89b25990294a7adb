import { stoppedError } from './errors.ts';

/** Lets timers, signals and the progress bar run during long work. Throws `stopped` if the signal is aborted. */
export async function yieldToEventLoop(signal: AbortSignal | undefined): Promise<void> {
  await new Promise(setImmediate);
  if (signal?.aborted === true) throw stoppedError();
}
