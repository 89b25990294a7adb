import { hash } from 'node:crypto';

/** Bytes of the digest that count: what a double holds exactly. */
const bytes = 6;

/**
 * A number in [0, 1) for a person, uniform over people and independent for each salt: the first 48 bits of the SHA-256 of
 * both. The same person always gets the same one.
 */
export function unitOf(salt: string, person: string): number {
  const digest = hash('sha256', JSON.stringify([salt, person]), 'buffer');
  return digest.readUIntBE(0, bytes) / 2 ** (8 * bytes);
}
