import { tokenize } from '../../engine/text/index.ts';
import type { Database } from '../database/index.ts';

/** The texts of a pin. */
export interface PinText {
  readonly title: string | null;
  readonly text: string | null;
  /** Of the attributes `tags`, `keywords`, `genres` and `categories`. */
  readonly tags: readonly string[];
}

type TextRow = [id: number, title: string | null, text: string | null, ...tags: (string | null)[]];

/** Attributes whose texts are tags: a list of texts, or one text with commas, semicolons or bars between tags. */
const tagFields = ['tags', 'keywords', 'genres', 'categories'];
/** Characters of a text that count: the subject of a text of megabytes is on its first pages. */
const textLengthMax = 10_000;
const tagsMax = 100;
/** Characters of a tag that is shown as a whole. */
const [tagLengthMin, tagLengthMax] = [2, 60];

const select =
  'SELECT id, title, text, ' +
  tagFields.map((field) => `json_extract(attributes, '$.${field}')`).join(', ') +
  ' FROM pins';

/**
 * Calls `onText` for the pins with ids from `from` up to `to` that have a title, a text or attributes, in the order of their
 * ids. O(pins).
 */
export function eachPinText(
  database: Database,
  from: number,
  to: number,
  onText: (pin: number, text: PinText) => void,
): void {
  const rows = database
    .prepare<[number, number], TextRow>(
      `${select} WHERE id >= ? AND id < ?
       AND (title IS NOT NULL OR text IS NOT NULL OR attributes IS NOT NULL) ORDER BY id`,
    )
    .raw()
    .iterate(from, to);
  for (const row of rows) onText(row[0], textOfRow(row));
}

/** Reads the texts of single pins; undefined for a pin that does not exist. */
export function pinTextReader(database: Database): (pin: number) => PinText | undefined {
  const statement = database.prepare<[number], TextRow>(`${select} WHERE id = ?`).raw();
  return (pin) => {
    const row = statement.get(pin);
    return row && textOfRow(row);
  };
}

/** The words of a pin, repeats included: those of title and text, each tag as a whole, and the words of its tags. */
export function termsOf({ title, text, tags }: PinText): string[] {
  const terms = [...wordsOf(title), ...wordsOf(text)];
  for (const tag of tags.slice(0, tagsMax)) {
    const words = wordsOf(tag);
    if (words.length > 1) terms.push(words.join(' '));
    terms.push(...words);
  }
  return terms;
}

/**
 * Distinct tags in their order, each as a whole but for case and spaces around it: "sci-fi" says more than its words. Up to 100 of
 * 2 to 60 characters.
 */
export function wholeTags(tags: readonly string[]): string[] {
  const whole = tags.slice(0, tagsMax).map((tag) => tag.normalize('NFKC').toLowerCase().trim());
  return [...new Set(whole.filter((tag) => tag.length >= tagLengthMin && tag.length <= tagLengthMax))];
}

/** The words of a text, up to 10,000 characters of it. */
export function wordsOf(text: string | null): string[] {
  return text === null ? [] : tokenize(text.slice(0, textLengthMax));
}

function textOfRow([, title, text, ...tags]: TextRow): PinText {
  return { title, text, tags: tags.flatMap(tagsOf) };
}

/** Of a list as JSON, as json_extract returns it, or of a text. */
function tagsOf(value: unknown): string[] {
  if (typeof value !== 'string') return [];
  const list = value.startsWith('[') ? listOf(value) : undefined;
  return list ?? value.slice(0, textLengthMax).split(/[,;|]/u);
}

function listOf(json: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : undefined;
  } catch {
    return undefined;
  }
}
