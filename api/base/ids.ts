import { ulid } from 'ulid';

const poolBytes = 4096;

/**
 * Ids that sort by time and cannot be guessed (ULIDs, 80 random bits). Random bytes are fetched 4,096 at a time: one call
 * for each of the 16 letters took 3 % of the main thread.
 */
export function createIds(): () => string {
  const pool = new Uint8Array(poolBytes);
  let used = poolBytes;
  const random = (): number => {
    if (used === poolBytes) {
      crypto.getRandomValues(pool);
      used = 0;
    }
    return pool[used++]! / 256;
  };
  return () => ulid(undefined, random);
}
