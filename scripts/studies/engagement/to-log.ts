import type { ActionColumns, FeatureFields, ModelLog } from '../../../engine/index.ts';
import type { EngagementSet, Table } from './read.ts';
import { walkScores } from './walk-scores.ts';

/** Of the data set: a person's hour is that of China. */
const zone = 'Asia/Shanghai';
const dayMs = 86_400_000;

/** A log with the names of what its rows have. */
export interface NamedLog {
  readonly log: ModelLog;
  readonly fields: FeatureFields;
}

/**
 * The set as a log of the engine. What a person did is known when they stopped watching. `watched` is the watched share of the
 * length, `seconds` the logarithm of the watched seconds.
 */
export function toLog(set: EngagementSet): NamedLog {
  const played = set.columns['play_time_ms']!;
  const length = set.columns['duration_ms']!;
  const arrivals = set.times.map((time, i) => time + played[i]!);
  const ofPin = (name: string) => textColumn(set.pins, name, set.pin);
  const ofUser = (name: string) => textColumn(set.users, name, set.user);
  const historyOf = historyCounts(set);
  const entities = {
    user: set.user,
    pin: set.pin,
    tab: Int32Array.from(set.columns['tab']!),
    author: numbered(ofPin('author_id')),
    tag: numbered(ofPin('tag').map((tag) => tag?.split(',')[0])),
    tags: numbered(ofPin('tag')),
    music: numbered(ofPin('music_id')),
    upload: numbered(ofPin('upload_type')),
    length: Int32Array.from(length, (ms) => Math.round(2 * Math.log2(1 + ms / 1000))),
  };
  const uploadedAt = ofPin('upload_dt').map((date) => Date.parse(`${date}T00:00:00+08:00`));
  const figure = (name: string): Float64Array => Float64Array.from(ofUser(name), (text) => (text ? Number(text) : NaN)); // prettier-ignore
  const walk = walkScores(set, arrivals);
  const numbers: Record<string, ArrayLike<number>> = {
    surface: entities.tab,
    length: length.map((ms) => Math.log1p(ms / 1000)),
    age: set.times.map((time, i) => (time - uploadedAt[i]!) / dayMs),
    follows: figure('follow_user_num'),
    fans: figure('fans_user_num'),
    friends: figure('friend_user_num'),
    registered: figure('register_days'),
    // Groups of people whose meaning the set does not tell.
    group1: figure('onehot_feat1'),
    group3: figure('onehot_feat3'),
    ...historyOf,
    walkLong: walk.long,
    walkNearest: walk.nearest,
    walkWatched: walk.watched,
    walkRatio: walk.ratio,
  };
  const labels: Record<string, Float64Array> = {
    click: set.columns['is_click']!,
    long: set.columns['long_view']!,
    like: set.columns['is_like']!,
    follow: set.columns['is_follow']!,
    comment: set.columns['is_comment']!,
    watched: played.map((ms, i) => Math.min(1, ms / Math.max(1_000, length[i]!))),
    seconds: played.map((ms) => Math.log1p(ms / 1_000)),
  };
  return {
    log: {
      count: set.count,
      times: set.times,
      entities: rowByRow(Object.values(entities), set.count),
      numbers: rowByRow(Object.values(numbers), set.count),
      zoneOf: () => zone,
      actions: actionsOf(Object.values(labels), arrivals),
    },
    fields: { entities: Object.keys(entities), numbers: Object.keys(numbers), labels: Object.keys(labels) },
  };
}

/** How much pins and people were watched, and how much of it long and liked, before the log. */
function historyCounts({
  history,
  pin,
  user,
  pinCount,
  userCount,
}: EngagementSet): Record<string, Float64Array> {
  // prettier-ignore
  const kinds = ['watched', 'longWatched', 'liked'] as const;
  const [pins, users] = [pinCount, userCount].map((size) => kinds.map(() => new Float64Array(size))) as [Float64Array[], Float64Array[]]; // prettier-ignore
  for (const [person, each] of history.entries()) {
    for (const [k, kind] of kinds.entries()) {
      for (const watchedPin of each?.[kind] ?? []) pins[k]![watchedPin]!++;
      users[k]![person] = each?.[kind].length ?? 0;
    }
  }
  return { ...sharesOf(pin, pins, 'pin'), ...sharesOf(user, users, 'user') };
}

function sharesOf(
  of: Int32Array,
  [watched, long, liked]: readonly Float64Array[],
  name: string,
): Record<string, Float64Array> {
  return {
    [`${name}Watched`]: Float64Array.from(of, (i) => Math.log1p(watched![i]!)),
    [`${name}Long`]: Float64Array.from(of, (i) => (long![i]! + 1) / (watched![i]! + 3)),
    [`${name}Liked`]: Float64Array.from(of, (i) => (liked![i]! + 0.3) / (watched![i]! + 10)),
  };
}

/** The actions of all labels that are above 0, in the order of their arrival. */
function actionsOf(labels: readonly Float64Array[], arrivals: Float64Array): ActionColumns {
  const [rows, kinds]: [number[], number[]] = [[], []];
  for (const row of Int32Array.from(arrivals, (_, i) => i).toSorted(
    (i, j) => arrivals[i]! - arrivals[j]! || i - j,
  )) {
    // prettier-ignore
    for (const [label, values] of labels.entries()) {
      if (values[row]! <= 0) continue;
      rows.push(row);
      kinds.push(label);
    }
  }
  return {
    count: rows.length,
    rows: Int32Array.from(rows),
    labels: Uint8Array.from(kinds),
    times: Float64Array.from(rows, (row) => arrivals[row]!),
    amounts: Float64Array.from(rows, (row, i) => labels[kinds[i]!]![row]!),
  };
}

function textColumn(table: Table, name: string, of: Int32Array): (string | undefined)[] {
  const values = table[name]!;
  return Array.from(of, (i) => values[i]);
}

/** Numbers of keys by their first use; -1 for none. */
function numbered(keys: readonly (string | undefined)[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(keys, (key) => {
    if (key === undefined || key === '') return -1;
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
}

function rowByRow(columns: readonly ArrayLike<number>[], count: number): Float64Array {
  const rows = new Float64Array(columns.length * count);
  for (const [i, column] of columns.entries()) {
    for (let row = 0; row < count; row++) rows[row * columns.length + i] = column[row]!;
  }
  return rows;
}
