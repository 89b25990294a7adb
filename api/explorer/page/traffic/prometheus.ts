/** One line of `GET /metrics`. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+\d+)?$/;
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const escapes: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };

/** Reads the text format of Prometheus and skips every line that is not a sample. */
export function readPrometheus(text: string): Sample[] {
  return text.split('\n').flatMap((each): Sample[] => {
    const [, name, labels = '', number = ''] = line.exec(each) ?? [];
    if (name === undefined) return [];
    const value = numberOf(number);
    if (Number.isNaN(value)) return [];
    const pairs = [...labels.matchAll(label)].map(([, key = '', escaped = '']) => {
      return [key, escaped.replaceAll(/\\(.)/g, (_, sign: string) => escapes[sign] ?? sign)] as const;
    });
    return [{ name, labels: Object.fromEntries(pairs), value }];
  });
}

function numberOf(text: string): number {
  if (text === '+Inf') return Infinity;
  return text === '-Inf' ? -Infinity : Number(text);
}

/** Cumulative counts of a histogram with their upper bounds, ascending. */
export type Buckets = readonly (readonly [number, number])[];

/** The sum of the buckets over all selected series of a histogram. */
export function bucketsOf(
  samples: readonly Sample[],
  name: string,
  isWanted: (labels: Sample['labels']) => boolean = () => true,
): Buckets {
  const counts = new Map<number, number>();
  for (const sample of samples) {
    if (sample.name !== `${name}_bucket` || !isWanted(sample.labels)) continue;
    const bound = numberOf(sample.labels['le'] ?? '');
    counts.set(bound, (counts.get(bound) ?? 0) + sample.value);
  }
  return [...counts].toSorted(([a], [b]) => a - b);
}

/**
 * A quantile, interpolated linearly within its bucket; values beyond the last bound count as that bound. Undefined for an
 * empty histogram.
 */
export function quantileOf(buckets: Buckets, share: number): number | undefined {
  const count = buckets.at(-1)?.[1] ?? 0;
  if (count <= 0) return undefined;
  let [low, below] = [0, 0];
  for (const [bound, upTo] of buckets) {
    if (upTo >= share * count && upTo > below) {
      return Number.isFinite(bound) ? low + ((bound - low) * (share * count - below)) / (upTo - below) : low;
    }
    [low, below] = [bound, upTo];
  }
  return low;
}
