/** One line of the text that `GET /metrics` answers. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+\d+)?$/;
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const escapes: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };

/** Reads the text format of Prometheus; lines that are none of it are passed over. */
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

/** Counts by their upper bounds, as a histogram has them: cumulative, the bounds ascending. */
export type Buckets = readonly (readonly [number, number])[];

/** The buckets of all series of a histogram that are wanted, added up. */
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
 * The value that a share of what was counted does not exceed, evenly spread within its bucket; what is beyond the last
 * bound counts as that. Undefined when nothing was counted.
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
