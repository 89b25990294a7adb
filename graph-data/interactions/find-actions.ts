import type { DataFolder } from '../data-folder.ts';
import { readMonth } from './month-files.ts';
import { asMonthError } from './month-errors.ts';
import { type Month, listMonths } from './month-names.ts';

/** An action of a person on a pin. `at`: milliseconds since 1970. */
export interface FoundAction {
  readonly user: string;
  readonly pin: string;
  readonly kind: string;
  readonly at: number;
}

const sql = `
  SELECT users.key, pins.key, kinds.key, i.day * 86400000 + i.at
  FROM interactions AS i
  JOIN names AS kinds ON kinds.id = i.kind AND kinds.key IN (SELECT value FROM json_each(@kinds))
  JOIN pins ON pins.id = i.pin AND pins.key IN (SELECT value FROM json_each(@pins))
  JOIN lists ON lists.id = i.list
  JOIN users ON users.id = lists.user
  ORDER BY i.day, i.id`;

/**
 * The actions of some kinds on some pins, by day. O(rows of all months), some 100 ns each; the result is in
 * memory.
 */
export function findActions(
  folder: DataFolder,
  kinds: readonly string[],
  pins: readonly string[],
  months: readonly Month[] = listMonths(folder),
): FoundAction[] {
  const wanted = { kinds: JSON.stringify(kinds), pins: JSON.stringify(pins) };
  return months.flatMap((month) => {
    const database = readMonth(folder, month);
    try {
      const rows = database
        .prepare<[typeof wanted], [user: string, pin: string, kind: string, at: number]>(sql)
        .raw()
        .all(wanted);
      return rows.map(([user, pin, kind, at]) => ({ user, pin, kind, at }));
    } catch (error) {
      throw asMonthError(folder, month, error);
    } finally {
      database.close();
    }
  });
}
