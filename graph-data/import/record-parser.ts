/** How a record is split into fields. */
export interface Splitting {
  /** "space" for runs of spaces and tabs. */
  readonly delimiter: string;
  /** Whether fields can be quoted (RFC 4180) and then contain delimiters, line ends and doubled quotes. */
  readonly hasQuotes: boolean;
}

/**
 * Splits a record into fields, line by line, since a quoted field can span many lines. Removes spaces around a field, but
 * not within quotes. O(characters), however many lines a field has.
 */
export class RecordParser {
  readonly #delimiter: string;
  readonly #hasQuotes: boolean;
  #fields: string[] = [];
  /** The text so far of a quoted field that is still open. */
  #open: string | undefined;

  constructor({ delimiter, hasQuotes }: Splitting) {
    this.#delimiter = delimiter;
    this.#hasQuotes = hasQuotes;
  }

  /** The fields of a complete record. The next line starts another one. */
  fields(): string[] {
    const fields = this.#fields;
    this.reset();
    return fields;
  }

  reset(): void {
    this.#fields = [];
    this.#open = undefined;
  }

  /** Parses the next line; `endsBefore`: the line ends before it, inside an open field. Returns a fault if invalid. */
  take(line: string, endsBefore = ''): 'complete' | 'open' | { readonly fault: string } {
    if (this.#open === undefined && (!this.#hasQuotes || !line.includes('"'))) {
      this.#fields = this.#split(line);
      return 'complete';
    }
    if (this.#open !== undefined) this.#open += endsBefore;
    const state = this.#scan(line);
    if (typeof state === 'object') this.reset();
    return state;
  }

  #split(line: string): string[] {
    if (this.#delimiter === 'space') return line.trim().split(/[ \t]+/);
    const fields = line.split(this.#delimiter);
    for (let i = 0; i < fields.length; i++) fields[i] = withoutSpaces(fields[i]!);
    return fields;
  }

  #scan(line: string): 'complete' | 'open' | { readonly fault: string } {
    const delimiter = this.#delimiter;
    for (let at = 0; ;) {
      if (this.#open === undefined) {
        const start = afterSpaces(line, at);
        if (line[start] !== '"') {
          const found = line.indexOf(delimiter, at);
          const field = line.slice(at, found < 0 ? line.length : found);
          if (field.includes('"')) return { fault: 'an unquoted field contains a quote' };
          this.#fields.push(withoutSpaces(field));
          if (found < 0) return 'complete';
          at = found + delimiter.length;
          continue;
        }
        this.#open = '';
        at = start + 1;
      }
      let end = line.indexOf('"', at);
      while (end >= 0 && line[end + 1] === '"') end = line.indexOf('"', end + 2);
      this.#open += line.slice(at, end < 0 ? line.length : end).replaceAll('""', '"');
      if (end < 0) return 'open';
      this.#fields.push(this.#open);
      this.#open = undefined;
      const next = afterSpaces(line, end + 1);
      if (next === line.length) return 'complete';
      if (!line.startsWith(delimiter, next)) return { fault: 'something follows a closing quote' };
      at = next + delimiter.length;
    }
  }
}

function afterSpaces(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ') at++;
  return at;
}

/** Trims only spaces, since other white space may be part of a key. */
function withoutSpaces(field: string): string {
  if (field[0] !== ' ' && !field.endsWith(' ')) return field;
  let end = field.length;
  while (field[end - 1] === ' ') end--;
  return field.slice(Math.min(afterSpaces(field, 0), end), end);
}
