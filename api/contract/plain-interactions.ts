import { keyBytesMax, timeOf } from '../../graph-data/import/index.ts';
import {
  type Interaction,
  faultsOf,
  idLengthMax,
  nameLengthMax,
  rankMax,
} from '../../graph-data/interactions/index.ts';

type Check = (value: unknown) => boolean;

const isName = textUpTo(nameLengthMax);
/** A UTF-16 unit has at most three bytes. A longer key may be valid, too. */
const isKey = textUpTo(keyBytesMax / 3);
const checks: Readonly<Record<keyof Interaction, Check>> = {
  id: textUpTo(idLengthMax),
  kind: isName,
  user: isKey,
  pin: isKey,
  at: (value) => typeof value === 'number' && timeOf(value) === value,
  recommendationId: isKey,
  surface: isName,
  pipeline: isName,
  arm: isName,
  rank: (value) => Number.isInteger(value) && isWithin(value, 1, rankMax),
  score: Number.isFinite,
  propensity: (value) => isWithin(value, Number.MIN_VALUE, 1),
  value: (value) => isWithin(value, 0, Number.MAX_VALUE),
};
const checkOf: ReadonlyMap<string, Check> = new Map(Object.entries(checks));

/**
 * Whether an interaction is certainly as its schema has it, and stays as it is: most are, and the schema takes ten times as
 * long, a quarter of a flood's time (`npm run bench:interactions`). The rest goes through the schema, which names the fault.
 */
export function isPlainInteraction(value: unknown, now: number, from: number): value is Interaction {
  if (typeof value !== 'object' || value === null) return false;
  const row = value as Readonly<Record<string, unknown>>;
  // Parsed JSON inherits nothing that `in` would find.
  for (const name in row) if (checkOf.get(name)?.(row[name]) !== true) return false;
  return (
    row['kind'] !== undefined && row['user'] !== undefined && faultsOf(row as never, now, from).length === 0
  );
}

function textUpTo(lengthMax: number): Check {
  return (value) =>
    typeof value === 'string' && value.length > 0 && value.length <= lengthMax && value.isWellFormed();
}

function isWithin(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && value >= min && value <= max;
}
