import SqliteDatabase from 'better-sqlite3';
import {
  type DataFolder,
  type EngagementOptions,
  type EngagementReport,
  listMonths,
  monthFile,
} from '../../../graph-data/index.ts';

const [dayMs, hourMs] = [86_400_000, 3_600_000];

const groupSql = {
  surface: 'i.surface',
  pipeline: 'i.pipeline',
  arm: 'i.arm',
  day: "date(i.at / 1000, 'unixepoch')",
  rank: 'CAST(CAST(min(i.rank, 51) AS INTEGER) AS TEXT)',
  community: '(SELECT name FROM classes WHERE pin = i.pin)',
  popularity: '(SELECT name FROM classes WHERE pin = i.pin)',
};

type Counts = Readonly<Record<'shown' | 'acted' | 'uncredited', readonly string[]>>;

interface RecountOptions {
  /** A file for the table. Default: in memory. */
  readonly scratch?: string;
  /** Names of the classes of pins, for a report by community or popularity. */
  readonly classes?: Iterable<readonly [pin: string, name: string]>;
}

/**
 * The counts of a report by plain SQL, which shares nothing with the report: all interactions in one table, and credit by
 * subqueries. About 15 µs an interaction.
 */
export function recount(
  folder: DataFolder,
  { from, to, by, windowHours, touch }: EngagementOptions,
  { scratch = ':memory:', classes = [] }: RecountOptions = {},
): Counts {
  const database = new SqliteDatabase(scratch);
  database.pragma('journal_mode = OFF');
  database.exec(
    'CREATE TABLE classes (pin PRIMARY KEY, name); ' +
      'CREATE TABLE log (n INTEGER PRIMARY KEY, kind, user, pin, at, rec, surface, pipeline, arm, rank, value)',
  );
  const insert = database.prepare<[string, string]>('INSERT INTO classes VALUES (?, ?)');
  for (const [pin, name] of classes) insert.run(pin, name);
  for (const month of listMonths(folder)) {
    database.prepare<[string]>('ATTACH ? AS month').run(monthFile(folder, month));
    database.exec(`
      INSERT INTO log (kind, user, pin, at, rec, surface, pipeline, arm, rank, value)
      SELECT k.key, u.key, p.key, day * ${dayMs} + at, nullif(recommendation, ''), s.key, l.key, a.key, rank, value
      FROM month.interactions
      JOIN month.lists ON lists.id = list JOIN month.users AS u ON u.id = user JOIN month.names AS k ON k.id = kind
      LEFT JOIN month.pins AS p ON p.id = pin LEFT JOIN month.names AS s ON s.id = surface
      LEFT JOIN month.names AS l ON l.id = pipeline LEFT JOIN month.names AS a ON a.id = arm
      ORDER BY day, interactions.id;
      DETACH month`);
  }
  const window = windowHours * hourMs;
  const sees = `i.kind = 'impression' AND i.pin = a.pin`;
  const named = `${sees} AND i.rec = a.rec AND i.at BETWEEN a.at - ${window} AND a.at + ${dayMs}`;
  const seen = `${sees} AND i.user = a.user AND i.at BETWEEN a.at - ${window} AND a.at`;
  database.exec(`
    CREATE INDEX by_person ON log (user, pin, at);
    CREATE INDEX by_list ON log (rec, pin, at);
    CREATE TABLE named AS SELECT a.n AS action, (SELECT i.n FROM log AS i WHERE ${named} ORDER BY i.at DESC, i.n DESC LIMIT 1)
      AS impression FROM log AS a WHERE a.kind <> 'impression';
    CREATE TABLE credit AS SELECT * FROM named WHERE impression IS NOT NULL;
    ${
      touch === 'all'
        ? `INSERT INTO credit SELECT a.n, i.n FROM log AS a JOIN log AS i ON ${seen}
           WHERE a.n IN (SELECT action FROM named WHERE impression IS NULL);`
        : `INSERT INTO credit SELECT * FROM (SELECT a.n, (SELECT i.n FROM log AS i WHERE ${seen}
           ORDER BY i.at DESC, i.n DESC LIMIT 1) AS last FROM log AS a WHERE a.n IN
           (SELECT action FROM named WHERE impression IS NULL)) WHERE last IS NOT NULL;`
    }
  `);
  const isIn = `BETWEEN ${from * dayMs} AND ${(to + 1) * dayMs - 1}`;
  const all = (sql: string): Record<string, unknown>[] =>
    database.prepare<[], Record<string, unknown>>(sql).all();
  const result = {
    shown: all(`SELECT ${groupSql[by]} AS name, count(*) AS impressions FROM log AS i
      WHERE i.kind = 'impression' AND i.at ${isIn} GROUP BY 1`),
    acted:
      all(`SELECT ${groupSql[by]} AS name, a.kind, count(DISTINCT i.n) AS impressions, count(*) AS actions,
      total(a.value) AS value FROM credit JOIN log AS a ON a.n = action JOIN log AS i ON i.n = impression
      WHERE i.at ${isIn} GROUP BY 1, 2`),
    uncredited: all(`SELECT kind, count(*) AS actions FROM log WHERE kind <> 'impression' AND at ${isIn}
      AND n NOT IN (SELECT action FROM credit) GROUP BY 1`),
  };
  database.close();
  return sorted(result);
}

/** The counts of a report, as {@link recount} gives them. */
export function countsOf({ rows, uncredited }: EngagementReport): Counts {
  return sorted({
    shown: rows.map(({ group, impressions }) => ({ name: group, impressions })),
    acted: rows.flatMap(({ group, actions: own }) =>
      own.map(({ kind, impressions, actions, value }) => ({
        name: group,
        kind,
        impressions,
        actions,
        value,
      })),
    ),
    uncredited,
  });
}

function sorted({ shown, acted, uncredited }: Record<keyof Counts, readonly unknown[]>): Counts {
  return { shown: texts(shown), acted: texts(acted), uncredited: texts(uncredited) };
}

function texts(rows: readonly unknown[]): string[] {
  return rows.map((row) => JSON.stringify(row)).toSorted();
}
