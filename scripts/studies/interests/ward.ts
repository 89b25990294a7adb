/** Some points of a cloud, and the one of them that is nearest to the others. */
interface Cluster {
  readonly members: readonly number[];
  readonly medoid: number;
}

/**
 * Ward's clusters of unit vectors (rows of `vectors`), as in PinnerSage (Pal et al., KDD 2020, doi:10.1145/3394486.3403280): the two whose
 * union adds the least squared distance to their means are merged, until that exceeds `costMax`. Distances follow the formula
 * of Lance and Williams. O(points³).
 */
export function wardClusters(
  points: readonly number[],
  vectors: Float32Array,
  dims: number,
  costMax: number,
): Cluster[] {
  const clusters: (number[] | undefined)[] = points.map((point) => [point]);
  const size = points.length;
  const costs = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      const cost = squaredDistance(vectors, dims, points[i]!, points[j]!) / 2;
      costs[i * size + j] = costs[j * size + i] = cost;
    }
  }
  for (;;) {
    let [a, b, least] = [-1, -1, costMax];
    for (let i = 0; i < size; i++) {
      if (clusters[i] === undefined) continue;
      for (let j = 0; j < i; j++) {
        if (clusters[j] !== undefined && costs[i * size + j]! < least)
          [a, b, least] = [i, j, costs[i * size + j]!];
      }
    }
    if (a < 0) break;
    const [own, other] = [clusters[a]!, clusters[b]!];
    for (let k = 0; k < size; k++) {
      const third = clusters[k];
      if (third === undefined || k === a || k === b) continue;
      const all = own.length + other.length + third.length;
      const cost =
        ((own.length + third.length) * costs[a * size + k]! +
          (other.length + third.length) * costs[b * size + k]! -
          third.length * least) /
        all;
      costs[a * size + k] = costs[k * size + a] = cost;
    }
    own.push(...other);
    clusters[b] = undefined;
  }
  return clusters
    .filter((members) => members !== undefined)
    .map((members) => ({ members, medoid: medoidOf(members, vectors, dims) }));
}

function medoidOf(members: readonly number[], vectors: Float32Array, dims: number): number {
  let [medoid, least] = [members[0]!, Infinity];
  for (const each of members) {
    const sum = members.reduce((total, other) => total + squaredDistance(vectors, dims, each, other), 0);
    if (sum < least) [medoid, least] = [each, sum];
  }
  return medoid;
}

function squaredDistance(vectors: Float32Array, dims: number, a: number, b: number): number {
  let sum = 0;
  for (let dim = 0; dim < dims; dim++) {
    const difference = vectors[a * dims + dim]! - vectors[b * dims + dim]!;
    sum += difference * difference;
  }
  return sum;
}
