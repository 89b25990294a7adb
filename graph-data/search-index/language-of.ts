import type { Database } from '../database/index.ts';

/** Where pins say nothing else. */
const languageDefault = 'en';

/**
 * The language that most pins have in the attribute `language` (`de`, `pt-BR`): the first part, in lower case. English where none has one.
 * O(pins).
 */
export function languageOf(database: Database): string {
  const counts = database
    .prepare<[], [string, number]>(
      `SELECT lower(json_extract(attributes, '$.language')) AS language, count(*) FROM pins
       WHERE attributes IS NOT NULL AND json_type(attributes, '$.language') = 'text' GROUP BY language ORDER BY language`,
    )
    .raw()
    .all();
  const byLanguage = new Map<string, number>();
  for (const [tag, count] of counts) {
    const language = /^[a-z]{2,3}(?![a-z])/.exec(tag)?.[0];
    if (language !== undefined) byLanguage.set(language, (byLanguage.get(language) ?? 0) + count);
  }
  const [most] = [...byLanguage].toSorted(([, a], [, b]) => b - a);
  return most?.[0] ?? languageDefault;
}
