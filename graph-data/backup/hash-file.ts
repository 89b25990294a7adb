import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** The SHA-256 of a file, or of bytes, as hexadecimal. */
export async function hashFile(content: string | Buffer, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  if (typeof content !== 'string') return hash.update(content).digest('hex');
  for await (const chunk of createReadStream(content, {
    highWaterMark: 2 ** 20,
    ...(signal && { signal }),
  })) {
    hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}
