import { once } from 'node:events';
import type { Response } from 'express';
import type { Turns } from '../base/index.ts';

/** A slice of a response: so many bytes, or so long to make them. */
export const sliceBytesMax: number = 2 ** 16;
const sliceMsMax = 5;

/**
 * Sends a body of any length, which is made while it is sent: holds the event loop for a few milliseconds at a time, and
 * waits for slow clients. Ends early when the client disconnects; the parts that follow are then never made.
 */
export async function sendParts(
  response: Response,
  parts: Iterable<string | Uint8Array>,
  turns: Turns,
  signal: AbortSignal,
): Promise<void> {
  // The first slice too: eight requests of one turn of the loop would each begin theirs in it.
  await turns.next();
  if (signal.aborted) return;
  let slice: Uint8Array[] = [];
  let length = 0;
  let began = performance.now();
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    slice.push(bytes);
    length += bytes.length;
    if (length < sliceBytesMax && performance.now() - began < sliceMsMax) continue;
    // `drain` alone leaves no turn to others: it comes at once while the system takes all bytes.
    if (!write(response, slice)) await once(response, 'drain', { signal }).catch(() => {});
    await turns.next();
    if (signal.aborted) return;
    slice = [];
    length = 0;
    began = performance.now();
  }
  response.end(slice.length === 1 ? slice[0] : Buffer.concat(slice));
}

/** Parts as one. */
export function joined(parts: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}

/** Without a copy of a large part, which is the last one. Not corked: there would be no `drain`. */
function write(response: Response, slice: readonly Uint8Array[]): boolean {
  const large = slice.at(-1)!.length >= sliceBytesMax ? slice.at(-1) : undefined;
  const small = large === undefined ? slice : slice.slice(0, -1);
  const isTaken = small.length === 0 || response.write(Buffer.concat(small));
  return large === undefined ? isTaken : response.write(large);
}
