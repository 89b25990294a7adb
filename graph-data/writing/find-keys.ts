import { isColumnName } from '../import/index.ts';

/** Number of nested escapes to undo: JSON within a string of JSON has two. */
const layersMax = 3;

/** A shorter prefix of a key, at the end of a truncated text, identifies nobody. */
const beginningMin = 3;

/** What separates fields in CSV, TSV, JSON, MovieLens' `::` and malformed variants of these. */
const separator =
  /::|["'](?=\s*:)|(?<=["']\s*):|[,;|\t\r\n"[\]{}]|(?<=(?:^|[,:;|\t[{(])\s*)'|'(?=\s*(?:[,:;|\t\]})]|$))/g;
const spaces = /\s+/g;
/** A truncated escape. */
const cutEscape = /\\(?:u[\da-f]{0,3})?$|%[\da-f]?$/i;
const jsonString = /"(?:[^"\\]|\\.)*"(\s*:)?/gs;

/**
 * Finds keys in texts of any format, in any of its escapes. A key matches a whole field, or several successive fields if it
 * contains separators. In valid JSON, a field is a value or a name; elsewhere, the text between separators. O(length of the
 * text), for any number of keys.
 */
export class KeyFinder {
  readonly #forms: ReadonlySet<string>;
  /** Maximum number of pieces between separators that one key can span. */
  readonly #piecesMax: number;

  constructor(keys: readonly string[]) {
    const forms = keys.flatMap((key) => [key, misread(key)]).flatMap((key) => [key, key.trim()]);
    this.#forms = new Set(forms.filter((form) => form !== ''));
    let piecesMax = 0;
    for (const form of this.#forms) {
      piecesMax = Math.max(piecesMax, piecesOf(form).length, piecesOf(form, spaces).length);
    }
    // A character at an end of the key may be a separator only beside certain others.
    this.#piecesMax = piecesMax + 2;
  }

  /** Whether a field of the text is one of the keys, or may have been if the text was truncated there. */
  isIn(text: string, isCut = false): boolean {
    const value = parsed(text);
    if (typeof value === 'string') return this.isIn(value, isCut);
    if (value !== undefined) return this.#isInJson(text);
    const whole = isCut ? text.replace(cutEscape, '') : text;
    return readingsOf(whole).some((reading) => this.#isBetweenSeparators(reading, isCut));
  }

  /** Whether a double-quoted string of a message is one of the keys. */
  isQuotedIn(message: string): boolean {
    return [...message.matchAll(jsonString)].some(([literal]) => {
      const value = parsed(literal);
      return typeof value === 'string' && this.#forms.has(value);
    });
  }

  #isInJson(text: string): boolean {
    for (const [whole, colon = ''] of text.matchAll(jsonString)) {
      const value = parsed(whole.slice(0, whole.length - colon.length)) as string;
      if (colon !== '' && isColumnName(value)) continue;
      if (this.#isValue(value)) return true;
    }
    // A parser would lose repeated names and the original form of numbers.
    const others = text.replaceAll(jsonString, ' ').split(/[\s,:[\]{}]+/);
    return others.some(
      (token) => /^-?\d/.test(token) && (this.#has(token) || this.#has(String(Number(token)))),
    );
  }

  #isValue(value: string): boolean {
    const inner = parsed(value);
    if (typeof inner === 'object') return this.#isInJson(value);
    return readingsOf(value).some((reading) => this.#has(reading));
  }

  #isBetweenSeparators(text: string, isCut: boolean): boolean {
    const pieces = piecesOf(text);
    const spans = pieces.length > 1 ? pieces : piecesOf(text, spaces);
    for (const [i, { start }] of spans.entries()) {
      for (const { end } of spans.slice(i, i + this.#piecesMax)) {
        if (this.#has(text.slice(start, end))) return true;
      }
      const isNearEnd = i + this.#piecesMax >= spans.length;
      if (isCut && isNearEnd && this.#isBeginning(text.slice(start))) return true;
    }
    return false;
  }

  #has(field: string): boolean {
    return this.#forms.has(field) || this.#forms.has(field.trim());
  }

  #isBeginning(text: string): boolean {
    const beginning = text.trimStart().replace(/\uFFFD+$/, '');
    return beginning.length >= beginningMin && [...this.#forms].some((form) => form.startsWith(beginning));
  }
}

/** The key as it appears when a Latin-1 file is decoded as UTF-8, where its non-ASCII letters are invalid. */
function misread(key: string): string {
  return /^[\0-\xff]*$/.test(key) ? Buffer.from(key, 'latin1').toString('utf8') : key;
}

function parsed(text: string): unknown {
  // Most rows are not JSON, and an exception costs more than everything else.
  if (!/^\s*["[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function piecesOf(text: string, between = separator): { readonly start: number; readonly end: number }[] {
  let start = 0;
  const pieces = [];
  for (const { 0: found, index } of text.matchAll(between)) {
    pieces.push({ start, end: index });
    start = index + found.length;
  }
  return [...pieces, { start, end: text.length }];
}

/** The text unchanged, and with the escapes of JSON, CSV and URLs undone in any order. */
function readingsOf(text: string): string[] {
  const readings = new Set([text]);
  let last = [text];
  for (let layer = 0; layer < layersMax && last.length > 0; layer++) {
    last = last
      .flatMap((each) => unescapings.map((unescape) => unescape(each)))
      .filter((each) => !readings.has(each));
    for (const each of last) readings.add(each);
  }
  return [...readings];
}

const letters: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

const unescapings: readonly ((text: string) => string)[] = [
  (text) =>
    text.replaceAll(/\\(?:u([\da-f]{4})|(.))/gis, (_, code: string | undefined, char: string) =>
      code === undefined ? (letters[char] ?? char) : String.fromCharCode(Number.parseInt(code, 16)),
    ),
  (text) =>
    text.replaceAll(/(?:%[\da-f]{2})+/gi, (run) =>
      Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
    ),
  (text) => (text.includes('%') ? text.replaceAll('+', ' ') : text),
  (text) => text.replaceAll('""', '"'),
];
