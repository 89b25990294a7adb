/** A vector this much shorter after projection was a combination of those before it. */
const rankTolerance = 1e-10;

/**
 * Makes vectors orthonormal, in place, keeping their span: modified Gram-Schmidt, each vector projected twice, which is
 * enough for orthogonality to rounding (Giraud, Langou and Rozložník 2005, doi:10.1016/j.camwa.2004.02.019). One that
 * depends on those before it becomes 0. O(vectors² · length).
 */
export function orthonormalize(vectors: readonly Float64Array[]): void {
  for (const [i, vector] of vectors.entries()) {
    const before = lengthOf(vector);
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) subtractProjection(vector, vectors[j]!);
    }
    const length = lengthOf(vector);
    const scale = length > rankTolerance * before ? 1 / length : 0;
    for (let k = 0; k < vector.length; k++) vector[k]! *= scale;
  }
}

function subtractProjection(vector: Float64Array, unit: Float64Array): void {
  let sum = 0;
  for (let k = 0; k < vector.length; k++) sum += vector[k]! * unit[k]!;
  for (let k = 0; k < vector.length; k++) vector[k]! -= sum * unit[k]!;
}

function lengthOf(vector: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < vector.length; k++) sum += vector[k]! * vector[k]!;
  return Math.sqrt(sum);
}
