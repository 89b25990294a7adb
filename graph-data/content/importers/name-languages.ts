import type { DataFolder } from '../../data-folder.ts';
import { type Database, asDataError, openDatabase } from '../../database/index.ts';
import { DataError, messageOf } from '../../errors.ts';
import { yieldToEventLoop } from '../../yield-to-event-loop.ts';

/** How many pins got a language, and how many have no text that tells one. */
interface LanguageReport {
  readonly named: number;
  readonly unknown: number;
}

/** The language of a text (ISO 639-1, empty for none), and whether its letters tell it well enough. */
type Detect = (text: string) => { readonly language: string; readonly isReliable: () => boolean };

const field = 'language';
/** Characters of a title and a text that are looked at. */
const lengthMax = 1_000;
/** Bytes of letters that tell a language: some four words, or seven Chinese characters. */
const lettersMin = 20;
const pinsPerTurn = 1_000;

/**
 * Gives each pin that has a title or a text and no attribute `language` the one that its words are in (ISO 639-1), by eld, in one
 * transaction. Texts that are short or mixed get none. Throws `package-missing` without eld, and with the codes of
 * {@link asDataError}. O(pins), some 0.1 ms each.
 */
export async function nameLanguages(folder: DataFolder, signal?: AbortSignal): Promise<LanguageReport> {
  const detect = await loadDetector();
  const database = openDatabase(folder);
  try {
    const languages: [pin: number, language: string][] = [];
    let unknown = 0;
    let last = -1;
    for (let rows = unnamed(database, last); rows.length > 0; rows = unnamed(database, last)) {
      for (const [pin, title, text] of rows) {
        const language = languageOfText(detect, `${title ?? ''}\n${text ?? ''}`);
        if (language === undefined) unknown++;
        else languages.push([pin, language]);
        last = pin;
      }
      await yieldToEventLoop(signal);
    }
    const update = database.prepare<[string, number]>(
      `UPDATE pins SET attributes = json_set(coalesce(attributes, '{}'), '$.${field}', ?) WHERE id = ?`,
    );
    database.exec('BEGIN IMMEDIATE');
    for (const [pin, language] of languages) update.run(language, pin);
    database.exec('COMMIT');
    return { named: languages.length, unknown };
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw asDataError(folder, error);
  } finally {
    database.close();
  }
}

async function loadDetector(): Promise<Detect> {
  try {
    return (await import('eld/medium')).eld.detect;
  } catch (cause) {
    const detail = 'naming languages needs eld, which is not installed with pinwalk: npm install eld';
    throw new DataError('package-missing', `${detail} (${messageOf(cause)})`, { cause });
  }
}

type TextRow = [id: number, title: string | null, text: string | null];

/** The next pins with something to read and no language. */
function unnamed(database: Database, last: number): TextRow[] {
  return database
    .prepare<[number], TextRow>(
      `SELECT id, substr(title, 1, ${lengthMax}), substr(text, 1, ${lengthMax}) FROM pins
       WHERE id > ? AND (title IS NOT NULL OR text IS NOT NULL) AND json_extract(attributes, '$.${field}') IS NULL
       ORDER BY id LIMIT ${pinsPerTurn}`,
    )
    .raw()
    .all(last);
}

function languageOfText(detect: Detect, text: string): string | undefined {
  const letters = text.replaceAll(/[^\p{L}\p{M}]+/gu, ' ').trim();
  if (Buffer.byteLength(letters.replaceAll(' ', '')) < lettersMin) return undefined;
  const { language, isReliable } = detect(letters);
  return language !== '' && isReliable() ? language : undefined;
}
