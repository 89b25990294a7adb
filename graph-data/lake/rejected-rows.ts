import { DataError } from '../errors.ts';
import type { RejectsFile } from '../import/index.ts';
import type { LakeEngine } from './engine.ts';
import { faultCountsSql, rejectedSql, strangerCountSql } from './lake-sql.ts';

/** How many rows were rejected for one reason. */
export interface RejectReason {
  readonly reason: string;
  readonly rows: number;
}

interface Counted {
  readonly read: number;
  readonly rejected: number;
  readonly reasons: readonly RejectReason[];
  /** Rejected rows of another user than the owner of their board. */
  readonly strangers: number;
}

const strangerReason = 'the board belongs to another user';
/** By default, more rejects mean that the lake has other data than expected. */
const nearlyAll = 0.9;

/** Counts the rows and the rejected ones. */
export async function countRejected(engine: LakeEngine): Promise<Counted> {
  const faults = (await engine.rows(faultCountsSql)) as [string | null, number][];
  const [counted] = (await engine.rows(strangerCountSql)) as [number][];
  const strangers = counted![0];
  const reasons = faults
    .flatMap(([reason, rows]) => (reason === null ? [] : [{ reason, rows }]))
    .concat(strangers > 0 ? [{ reason: strangerReason, rows: strangers }] : []);
  return {
    read: faults.reduce((sum, [, rows]) => sum + rows, 0),
    rejected: reasons.reduce((sum, { rows }) => sum + rows, 0),
    reasons,
    strangers,
  };
}

/** Writes the rejected rows to the rejects file. Rows of a lake have no number: engines read them in any order. */
export async function writeRejected(
  engine: LakeEngine,
  { rejected, strangers }: Counted,
  file: RejectsFile,
): Promise<void> {
  if (rejected === 0) return;
  for await (const { rows, columns } of engine.batches(rejectedSql(strangers > 0, strangerReason))) {
    for (let i = 0; i < rows; i++) {
      const [reason, ...values] = columns.map((column) => column[i] as string);
      file.add({ text: '', values }, reason!);
    }
  }
}

/** Throws `import-too-many-rejects` if all rows are rejected, more than `maxRejects`, or without a limit 90 % of them. */
export function assertFewRejected(
  lake: string,
  { read, rejected, reasons }: Counted,
  maxRejects: number | undefined,
): void {
  if (rejected === 0 || (rejected < read && rejected <= (maxRejects ?? nearlyAll * read))) return;
  const shown = reasons.map(({ reason, rows }) => `${rows}: ${reason}`).join('; ');
  const remedy = rejected < read ? ` Use --max-rejects ${rejected} to import the other rows.` : '';
  throw new DataError(
    'import-too-many-rejects',
    `${rejected} of ${read} rows of ${lake} cannot be used (${shown}).${remedy}`,
  );
}
