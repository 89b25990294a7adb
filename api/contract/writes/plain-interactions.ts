import {
  type Interaction,
  faultsOf,
  idLengthMax,
  nameLengthMax,
  queryLengthMax,
  rankMax,
} from '../../../graph-data/interactions/index.ts';
import { type Check, haveChecked, isKey, isMs, isWithin, textUpTo } from './plain-checks.ts';

const isName = textUpTo(nameLengthMax);
const checks: Readonly<Record<keyof Interaction, Check>> = {
  id: textUpTo(idLengthMax),
  kind: isName,
  user: isKey,
  pin: isKey,
  at: isMs,
  recommendationId: isKey,
  surface: isName,
  pipeline: isName,
  arm: isName,
  rank: (value) => Number.isInteger(value) && isWithin(value, 1, rankMax),
  score: Number.isFinite,
  propensity: (value) => isWithin(value, Number.MIN_VALUE, 1),
  value: (value) => isWithin(value, 0, Number.MAX_VALUE),
  query: textUpTo(queryLengthMax),
};
const checkOf: ReadonlyMap<string, Check> = new Map(Object.entries(checks));

/**
 * Whether an interaction is certainly as its schema has it, and stays as it is: most are, and the schema takes ten times as
 * long, a quarter of a flood's time (`npm run bench:interactions`). The rest goes through the schema, which names the fault.
 */
export function isPlainInteraction(value: unknown, now: number, from: number): value is Interaction {
  if (typeof value !== 'object' || value === null || !haveChecked(value, checkOf)) return false;
  const row = value as Partial<Interaction>;
  return row.kind !== undefined && row.user !== undefined && faultsOf(row as never, now, from).length === 0;
}
