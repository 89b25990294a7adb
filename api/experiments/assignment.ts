import { hash } from 'node:crypto';

/** A seed for the draws of an arm: the same list for the same person and query, independent lists for different people. */
export function seedOf(salt: string, viewer: string, query: unknown, randomSeed: number): number {
  return hash('sha256', JSON.stringify([salt, viewer, query, randomSeed]), 'buffer').readUInt32BE(0);
}

/** The arm of a unit: none below `holdout`; above it, arms by their shares of the rest. */
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
