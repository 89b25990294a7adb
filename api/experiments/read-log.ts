import { EngineError } from '../../engine/base/index.ts';
import { type ListModel, type LoggedItem, OffPolicy, checkLoggedItem } from '../../engine/offpolicy/index.ts';
import { DataError, openRecords } from '../../graph-data/index.ts';
import { indexOfColumn, lineFault, numberOf, textOf } from './column-values.ts';

/** Columns of a log of shown items. */
export interface LogColumns {
  readonly reward: string;
  readonly propensity: string;
  readonly target: string;
  readonly predicted?: string | undefined;
  readonly predictedTarget?: string | undefined;
  /** Rows of one value are one list, in the order of `position`, else of the file. Default: each row is a list. */
  readonly list?: string | undefined;
  readonly position?: string | undefined;
  /** Lists of one value are one observation of the variance. Default: each list is. */
  readonly user?: string | undefined;
}

/** One item of a list, with its position. */
interface Placed {
  readonly position: number;
  readonly item: LoggedItem;
}

/**
 * Reads a log of shown items (CSV, TSV, JSON lines or Parquet with a header) for off-policy estimates. Throws
 * `experiment-unusable`, naming the line, for values that are no numbers and probabilities out of range. Memory:
 * constant without `list` and `user`, otherwise some 200 bytes a row.
 */
export async function readLog(file: string, columns: LogColumns, model: ListModel): Promise<OffPolicy> {
  const offPolicy = new OffPolicy(model);
  const users = new Map<string, Map<string, Placed[]>>();
  const reader = await openRecords(file, { header: true, anyNames: true, onBytes: () => {} });
  let row: ((values: readonly unknown[], line: number) => LogRow) | undefined;
  let rows = 0;
  for await (const records of reader.batches()) {
    row ??= rowReader(file, reader.names, columns);
    for (const { line, values, fault } of records) {
      if (fault !== undefined) throw lineFault(file, line, fault);
      const { user, list, placed } = row(values, line);
      try {
        checkLoggedItem(placed.item);
      } catch (error) {
        if (error instanceof EngineError) throw lineFault(file, line, error.message);
        throw error;
      }
      rows++;
      if (user === undefined && list === undefined) {
        offPolicy.addUser([[placed.item]]);
        continue;
      }
      const listKey = list ?? String(rows);
      // Without users, each list is an observation.
      const userKey = user ?? listKey;
      const lists = users.get(userKey) ?? new Map<string, Placed[]>();
      users.set(userKey, lists);
      const items = lists.get(listKey);
      if (items === undefined) lists.set(listKey, [placed]);
      else items.push(placed);
    }
  }
  if (rows === 0) throw new DataError('experiment-unusable', `${file} has no rows`);
  for (const lists of users.values()) offPolicy.addUser([...lists.values()].map(itemsOf));
  return offPolicy;
}

interface LogRow {
  readonly user: string | undefined;
  readonly list: string | undefined;
  readonly placed: Placed;
}

function rowReader(file: string, names: readonly string[], columns: LogColumns) {
  const at = (name: string | undefined): number => indexOfColumn(file, names, name);
  const [reward, propensity, target] = [at(columns.reward), at(columns.propensity), at(columns.target)];
  const [predicted, predictedTarget] = [at(columns.predicted), at(columns.predictedTarget)];
  const [list, position, user] = [at(columns.list), at(columns.position), at(columns.user)];
  return (values: readonly unknown[], line: number): LogRow => {
    const number = (index: number): number => {
      const value = numberOf(values[index]);
      if (value !== undefined) return value;
      throw lineFault(
        file,
        line,
        `${names[index]} is ${JSON.stringify(values[index] ?? null)}, not a number`,
      );
    };
    const key = (index: number): string | undefined => {
      if (index < 0) return undefined;
      const text = textOf(values[index]);
      if (text === '') throw lineFault(file, line, `no ${names[index]}`);
      return text;
    };
    const item = {
      reward: number(reward),
      propensity: number(propensity),
      target: number(target),
      predicted: predicted < 0 ? undefined : number(predicted),
      predictedTarget: predictedTarget < 0 ? undefined : number(predictedTarget),
    };
    return {
      user: key(user),
      list: key(list),
      placed: { position: position < 0 ? 0 : number(position), item },
    };
  };
}

function itemsOf(list: readonly Placed[]): LoggedItem[] {
  return list.toSorted((a, b) => a.position - b.position).map(({ item }) => item);
}
