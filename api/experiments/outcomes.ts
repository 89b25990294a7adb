import { Moments, type ArmOutcomes } from '../../engine/experiments/index.ts';
import { openRecords } from '../../graph-data/index.ts';
import { indexOfColumn, lineFault, numberOf, textOf } from './column-values.ts';

/** A metric by the columns of a file: the mean of `numerator` per user, or divided by that of `denominator`. */
export interface MetricColumns {
  readonly name: string;
  readonly numerator: string;
  readonly denominator?: string | undefined;
  /** A number known before the user met the experiment, best the same metric. */
  readonly covariate?: string | undefined;
}

interface OutcomeColumns {
  readonly arm: string;
  /** Rows of one user are added up. Default: each row is another user. */
  readonly user?: string | undefined;
  readonly metrics: readonly MetricColumns[];
}

/** One user's sums so far. */
interface UserRow {
  readonly arm: string;
  /** Numerator, denominator and covariate of each metric. */
  readonly sums: number[];
}

/**
 * Reads the outcomes of an experiment from a table: CSV, TSV, JSON lines or Parquet, with a header. Throws
 * `experiment-unusable`, naming the line, for an invalid row: a missing arm, a value that is not a number, a
 * user in two arms; and for columns that the file does not have. Memory: constant, or with `user` some 200 bytes a user.
 */
export async function readOutcomes(file: string, columns: OutcomeColumns): Promise<ArmOutcomes[]> {
  const { metrics } = columns;
  const arms = new Map<string, { users: number; metrics: Moments[] }>();
  const users = new Map<string, UserRow>();
  const take = ({ arm, sums }: UserRow): void => {
    if (!arms.has(arm)) arms.set(arm, { users: 0, metrics: metrics.map(() => new Moments()) });
    const outcomes = arms.get(arm)!;
    outcomes.users++;
    for (const [i, moments] of outcomes.metrics.entries()) {
      const [numerator = 0, denominator = 0, covariate = 0] = sums.slice(3 * i, 3 * i + 3);
      moments.add({ numerator, denominator, covariate });
    }
  };
  const reader = await openRecords(file, { header: true, anyNames: true, onBytes: () => {} });
  let indexes: ColumnIndexes | undefined;
  for await (const records of reader.batches()) {
    indexes ??= indexesOf(file, reader.names, columns);
    for (const { line, values, fault } of records) {
      if (fault !== undefined) throw lineFault(file, line, fault);
      const arm = textOf(values[indexes.arm]);
      if (arm === '') throw lineFault(file, line, `no ${columns.arm}`);
      const sums = indexes.values.map((index, i) => {
        // A metric without a denominator counts each user once, and one without a covariate has none to adjust by.
        if (index < 0) return i % 3 === 1 ? 1 : 0;
        const value = numberOf(values[index]);
        if (value === undefined) {
          throw lineFault(
            file,
            line,
            `${reader.names[index]} is ${JSON.stringify(values[index] ?? null)}, not a number`,
          );
        }
        return value;
      });
      if (indexes.user < 0) take({ arm, sums });
      else {
        const user = textOf(values[indexes.user]);
        if (user === '') throw lineFault(file, line, `no ${columns.user}`);
        const known = users.get(user);
        if (known === undefined) users.set(user, { arm, sums });
        else if (known.arm !== arm)
          throw lineFault(file, line, `user ${user} is in the arms ${known.arm} and ${arm}`);
        else addRow(known.sums, sums, indexes);
      }
    }
  }
  for (const row of users.values()) take(row);
  return [...arms]
    .map(([arm, outcomes]) => ({ arm, users: outcomes.users, metrics: outcomes.metrics }))
    .toSorted((a, b) => (a.arm < b.arm ? -1 : 1));
}

interface ColumnIndexes {
  readonly arm: number;
  readonly user: number;
  /** Numerator, denominator and covariate of each metric; -1 for none. */
  readonly values: readonly number[];
}

/** The covariate describes the user, so the value of the first row stays. */
function addRow(sums: number[], row: readonly number[], { values }: ColumnIndexes): void {
  for (let i = 0; i < sums.length; i++) if (i % 3 !== 2 && values[i]! >= 0) sums[i]! += row[i]!;
}

function indexesOf(file: string, names: readonly string[], columns: OutcomeColumns): ColumnIndexes {
  const indexOf = (name: string | undefined): number => indexOfColumn(file, names, name);
  return {
    arm: indexOf(columns.arm),
    user: indexOf(columns.user),
    values: columns.metrics.flatMap(({ numerator, denominator, covariate }) =>
      [numerator, denominator, covariate].map(indexOf),
    ),
  };
}
