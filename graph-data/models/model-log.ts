import {
  type ActionColumns,
  type FeatureFields,
  type InteractionColumns,
  type ModelLog,
  attribute,
  numberOfKey,
} from '../../engine/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { type StoredInteraction, impression, readInteractions } from '../interactions/index.ts';

/** The log of a data folder as rows of a model. */
export interface OwnLog {
  readonly log: ModelLog;
  readonly fields: FeatureFields;
  readonly surfaces: readonly string[];
  /** By row: an index of the surfaces, or -1. */
  readonly surfaceOf: Int32Array;
}

const entities = ['user', 'pin', 'surface', 'pipeline'] as const;
const numbers = ['score', 'rank'] as const;

/**
 * Reads all impressions and the actions that are credited to them within the window, in the order of time. The order of rows
 * in the files does not matter. O(rows · log rows), in memory.
 */
export function readModelLog(
  folder: DataFolder,
  { windowMs, zone }: { readonly windowMs: number; readonly zone: string },
): OwnLog {
  const all = [...readInteractions(folder)].toSorted(inOrder);
  const impressions = all.filter(({ kind }) => kind === impression);
  const labels = [...new Set(all.map(({ kind }) => kind))].filter((kind) => kind !== impression).toSorted();
  const surfaces = [...new Set(impressions.flatMap(({ surface }) => surface ?? []))].toSorted();
  const rows = new Float64Array(impressions.length * entities.length);
  const figures = new Float64Array(impressions.length * numbers.length);
  for (const [row, each] of impressions.entries()) {
    for (const [i, name] of entities.entries()) {
      const key = each[name];
      rows[row * entities.length + i] = key === undefined ? -1 : numberOfKey(key);
    }
    for (const [i, name] of numbers.entries()) figures[row * numbers.length + i] = each[name] ?? NaN;
  }
  return {
    log: {
      count: impressions.length,
      times: Float64Array.from(impressions, ({ at }) => at),
      entities: rows,
      numbers: figures,
      zoneOf: () => zone,
      actions: creditedActions(all, labels, windowMs),
    },
    fields: { entities, numbers, labels },
    surfaces,
    surfaceOf: Int32Array.from(impressions, ({ surface }) =>
      surface === undefined ? -1 : surfaces.indexOf(surface),
    ),
  };
}

/** Actions by the row of their impression among the impressions. An action that names its list may come with an earlier time. */
function creditedActions(
  all: readonly StoredInteraction[],
  labels: readonly string[],
  windowMs: number,
): ActionColumns {
  const [users, pins, lists] = [
    new Map<string, number>(),
    new Map<string, number>(),
    new Map<string, number>(),
  ];
  const columns: InteractionColumns = {
    count: all.length,
    isImpression: Uint8Array.from(all, ({ kind }) => Number(kind === impression)),
    users: Int32Array.from(all, ({ user }) => numbered(users, user)),
    pins: Int32Array.from(all, ({ pin }) => numbered(pins, pin)),
    recommendations: Int32Array.from(all, ({ recommendationId }) => numbered(lists, recommendationId)),
    times: Float64Array.from(all, ({ at }) => at),
  };
  const rowOf = new Int32Array(all.length);
  let shown = 0;
  for (let i = 0; i < all.length; i++) rowOf[i] = columns.isImpression[i] === 1 ? shown++ : -1;
  const credited: { row: number; label: number; at: number; action: number }[] = [];
  const credit = (action: number, of: number): void => {
    const at = Math.max(columns.times[action]!, columns.times[of]!);
    credited.push({ row: rowOf[of]!, label: labels.indexOf(all[action]!.kind), at, action });
  };
  attribute(columns, { windowMs, touch: 'last' }, credit, () => {});
  credited.sort((a, b) => a.at - b.at || a.action - b.action);
  return {
    count: credited.length,
    rows: Int32Array.from(credited, ({ row }) => row),
    labels: Uint8Array.from(credited, ({ label }) => label),
    times: Float64Array.from(credited, ({ at }) => at),
    amounts: new Float64Array(credited.length).fill(1),
  };
}

/** Numbers of keys in the order of their first use, from 1; 0 for none. */
function numbered(known: Map<string, number>, key: string | undefined): number {
  if (key === undefined) return 0;
  let number = known.get(key);
  if (number === undefined) known.set(key, (number = known.size + 1));
  return number;
}

/** By time, then by content, so that the order of the files does not matter. */
function inOrder(a: StoredInteraction, b: StoredInteraction): number {
  return a.at - b.at || compare(a.user, b.user) || compare(a.pin, b.pin) || compare(a.kind, b.kind) || compare(a.recommendationId, b.recommendationId) || compare(a.surface, b.surface) || (a.rank ?? 0) - (b.rank ?? 0); // prettier-ignore
}

function compare(a: string = '', b: string = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
