import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A log of impressions with people's actions, in the order of time, and the features of people and pins. */
export interface EngagementSet {
  readonly count: number;
  readonly times: Float64Array;
  readonly user: Int32Array;
  readonly pin: Int32Array;
  /** By the name of the column. */
  readonly columns: Readonly<Record<string, Float64Array>>;
  readonly users: Table;
  readonly pins: Table;
  /** What each person watched before the log. */
  readonly history: readonly (History | undefined)[];
  readonly pinCount: number;
  readonly userCount: number;
}

export interface History {
  readonly watched: readonly number[];
  readonly longWatched: readonly number[];
  readonly liked: readonly number[];
}

/** Attributes by name and number. */
export type Table = Readonly<Record<string, readonly (string | undefined)[]>>;

const logColumns = ['tab', 'is_click', 'long_view', 'is_like', 'is_follow', 'is_comment', 'play_time_ms', 'duration_ms']; // prettier-ignore

/** Reads KuaiRand-Pure's standard feed (Gao et al., CIKM 2022, doi:10.1145/3511808.3557624). */
export function readEngagementSet(folder: string): EngagementSet {
  const file = (name: string): string => gunzipSync(readFileSync(path.join(folder, name))).toString();
  const log = columnsOf(file('impressions.csv.gz'));
  const numbers = (name: string): Float64Array => Float64Array.from(log[name]!, Number);
  const history: History[] = [];
  for (const line of file('history.jsonl.gz').trimEnd().split('\n')) {
    const { user_id: user, ...rest } = JSON.parse(line) as History & { user_id: number };
    history[user] = rest;
  }
  const pins = byNumber(columnsOf(file('videos.csv.gz')), 'video_id');
  const users = byNumber(columnsOf(file('users.csv.gz')), 'user_id');
  const times = numbers('time_ms');
  return {
    count: times.length,
    times,
    user: Int32Array.from(numbers('user_id')),
    pin: Int32Array.from(numbers('video_id')),
    columns: Object.fromEntries(logColumns.map((name) => [name, numbers(name)])),
    users,
    pins,
    history,
    pinCount: pins['video_id']!.length,
    userCount: users['user_id']!.length,
  };
}

function byNumber(columns: Readonly<Record<string, readonly string[]>>, key: string): Table {
  return Object.fromEntries(
    Object.entries(columns).map(([name, values]) => {
      const placed: (string | undefined)[] = [];
      for (const [i, value] of values.entries()) placed[Number(columns[key]![i])] = value;
      return [name, placed];
    }),
  );
}

/** The columns of a comma separated text with a header; fields may be quoted. */
function columnsOf(text: string): Record<string, string[]> {
  const [header, ...lines] = text.trimEnd().split(/\r?\n/);
  const names = header!.split(',');
  const columns = names.map((): string[] => []);
  for (const line of lines) {
    const fields = line.includes('"')
      ? [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain!)
      : line.split(',');
    for (let i = 0; i < names.length; i++) columns[i]!.push(fields[i]!);
  }
  return Object.fromEntries(names.map((name, i) => [name, columns[i]!]));
}
