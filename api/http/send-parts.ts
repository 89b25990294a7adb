import { once } from 'node:events';
import type { Response } from 'express';
import type { Turns } from '../base/index.ts';

/** A slice of a response: so many characters, or so long to make them. */
const lengthMax = 2 ** 16;
const sliceMsMax = 5;

/** A text that is too long to be encoded at once. */
export class TextParts {
  readonly parts: readonly string[];

  constructor(parts: readonly string[]) {
    this.parts = parts;
  }
}

/**
 * Sends a body of any length, which is made while it is sent: holds the event loop for a few milliseconds at a time, and
 * waits for slow clients. Ends early when the client disconnects; the parts that follow are then never made.
 */
export async function sendParts(
  response: Response,
  parts: Iterable<string>,
  turns: Turns,
  signal: AbortSignal,
): Promise<void> {
  let slice = '';
  let began = performance.now();
  for (const part of parts) {
    slice += part;
    if (slice.length < lengthMax && performance.now() - began < sliceMsMax) continue;
    // `drain` alone leaves no turn to others: it comes at once while the system takes all bytes.
    if (!response.write(slice)) await once(response, 'drain', { signal }).catch(() => {});
    await turns.next();
    if (signal.aborted) return;
    slice = '';
    began = performance.now();
  }
  response.end(slice);
}

/** The bytes of a text in parts. */
export async function lengthOf({ parts }: TextParts, turns: Turns): Promise<number> {
  let bytes = 0;
  let began = performance.now();
  for (const part of parts) {
    bytes += Buffer.byteLength(part);
    if (performance.now() - began < sliceMsMax) continue;
    await turns.next();
    began = performance.now();
  }
  return bytes;
}
