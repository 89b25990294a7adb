import { hash } from 'node:crypto';

/** Bytes of the digest that count: what a double holds exactly. */
const bytes = 6;

/**
 * A number in [0, 1) for a person, uniform over people and independent for each salt: the first 48 bits of the SHA-256 of
 * both. The same person always gets the same one.
 */
export function unitOf(salt: string, viewer: string): number {
  const digest = hash('sha256', JSON.stringify([salt, viewer]), 'buffer');
  return digest.readUIntBE(0, bytes) / 2 ** (8 * bytes);
}

/** A seed for the draws of an arm: the same list for the same person and query, independent lists for different people. */
export function seedOf(salt: string, viewer: string, query: unknown, randomSeed: number): number {
  return hash('sha256', JSON.stringify([salt, viewer, query, randomSeed]), 'buffer').readUInt32BE(0);
}

/** The arm of a unit: below `holdout` none, and above it each arm by its share of what is left. */
export function armAt<Arm extends { readonly share: number }>(
  unit: number,
  holdout: number,
  arms: readonly Arm[],
): Arm | undefined {
  if (unit < holdout) return undefined;
  const sum = arms.reduce((total, { share }) => total + share, 0);
  let above = ((unit - holdout) / (1 - holdout)) * sum;
  return arms.find(({ share }) => (above -= share) < 0) ?? arms.at(-1);
}
