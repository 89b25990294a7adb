import type { FeatureFields, ModelLog } from '../../engine/model/index.ts';
import { numberOfKey } from '../../engine/random/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { type StoredInteraction, impression, readInteractions } from '../interactions/index.ts';
import { ActionCredits } from './action-credits.ts';
import { inLogOrder, momentsOf } from './log-order.ts';

/** The log of a data folder as rows of a model. */
export interface OwnLog {
  readonly log: ModelLog;
  readonly fields: FeatureFields;
  readonly surfaces: readonly string[];
  /** By row: an index of the surfaces, or -1. */
  readonly surfaceOf: Int32Array;
}

export const entities = ['user', 'pin', 'surface', 'pipeline'] as const;
export const numbers = ['score', 'rank'] as const;

/**
 * Reads all impressions and the actions that are credited to them within the window, in the order of time. The order of rows
 * in the files does not matter. O(rows · log rows), in memory.
 */
export function readModelLog(
  folder: DataFolder,
  { windowMs, zone }: { readonly windowMs: number; readonly zone: string },
): OwnLog {
  const all = inLogOrder([...readInteractions(folder)]);
  const labels = [...new Set(all.map(({ kind }) => kind))].filter((kind) => kind !== impression).toSorted();
  const impressions: StoredInteraction[] = [];
  const actions: { row: number; label: number; at: number }[] = [];
  const credits = new ActionCredits(windowMs, (each) => impressions.push(each) - 1);
  for (const { at, rows } of momentsOf(all)) {
    for (const { of: row, action } of credits.take(rows, at).acted) {
      actions.push({ row, label: labels.indexOf(action.kind), at });
    }
  }
  const surfaces = [...new Set(impressions.flatMap(({ surface }) => surface ?? []))].toSorted();
  const { length: count } = impressions;
  const log: ModelLog = {
    count,
    times: Float64Array.from(impressions, ({ at }) => at),
    entities: new Float64Array(count * entities.length),
    numbers: new Float64Array(count * numbers.length),
    zoneOf: () => zone,
    actions: {
      count: actions.length,
      rows: Int32Array.from(actions, ({ row }) => row),
      labels: Uint8Array.from(actions, ({ label }) => label),
      times: Float64Array.from(actions, ({ at }) => at),
      amounts: new Float64Array(actions.length).fill(1),
    },
  };
  for (const [row, each] of impressions.entries()) {
    log.entities.set(entityNumbers(each), row * entities.length);
    for (const [i, name] of numbers.entries()) log.numbers[row * numbers.length + i] = each[name] ?? NaN;
  }
  return {
    log,
    fields: { entities, numbers, labels },
    surfaces,
    surfaceOf: Int32Array.from(impressions, ({ surface }) => (surface === undefined ? -1 : surfaces.indexOf(surface))), // prettier-ignore
  };
}

/** The numbers of the entities of an impression; -1 for none. */
export function entityNumbers(
  of: Pick<StoredInteraction, 'user' | 'pin' | 'surface' | 'pipeline'>,
): number[] {
  return entities.map((name) => (of[name] === undefined ? -1 : numberOfKey(of[name])));
}
