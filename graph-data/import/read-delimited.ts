import type { Line } from './read-lines.ts';
import type { FileRecord } from './file-record.ts';

/** Maximum number of lines of a quoted field; beyond it, the opening quote counts as a stray one. */
const quotedLinesMax = 100;
const quoteNotClosed = 'a quote is opened and not closed';

/**
 * Tab-separated records: one per line. Quotes are ordinary characters, as the IANA type text/tab-separated-values
 * defines no quoting.
 */
export function tabRecords(lines: readonly Line[]): FileRecord[] {
  return lines.map(({ line, text, fault }) =>
    fault === undefined ? { line, text, values: text.split('\t') } : { line, text, values: [], fault },
  );
}

/**
 * Comma-separated records as in RFC 4180; quoted fields may contain line ends.
 *
 * A stray quote must not swallow the rest of the file. A quote inside an unquoted field is a fault of that line. If a
 * quoted field is still open after {@link quotedLinesMax} lines or at the end of the file, or is closed where no field can end,
 * only the first line is refused, and parsing resumes with the second. This is why no library is used: streaming CSV
 * parsers abort the file or read what follows as one field.
 */
export class CommaReader {
  #open: Line[] = [];

  /** The records completed by these lines. */
  *push(lines: Iterable<Line>): Generator<FileRecord> {
    for (const line of lines) yield* this.#take(line);
  }

  /** The records of the lines still open at the end of the file. */
  *end(): Generator<FileRecord> {
    while (this.#open.length > 0) yield* this.#giveUp(quoteNotClosed);
  }

  *#take(line: Line): Generator<FileRecord> {
    const { text, fault } = line;
    if (this.#open.length === 0) {
      if (fault !== undefined) {
        yield { line: line.line, text, values: [], fault };
        return;
      }
      if (!text.includes('"')) {
        yield { line: line.line, text, values: text.split(',') };
        return;
      }
    }
    this.#open.push(line);
    if (this.#open.length > 1 && fault === undefined && !text.includes('"')) {
      if (this.#open.length > quotedLinesMax) yield* this.#giveUp(quoteNotClosed);
      return; // still inside the quoted field
    }
    const joined = joinLines(this.#open);
    const fields = fault === undefined ? splitFields(joined) : fault;
    if (typeof fields === 'string') yield* this.#giveUp(fields);
    else if (fields !== undefined) {
      const first = this.#open[0]!.line;
      this.#open = [];
      yield { line: first, text: joined, values: fields };
    } else if (this.#open.length > quotedLinesMax) yield* this.#giveUp(quoteNotClosed);
  }

  /** Refuses the first open line and parses the others again. */
  *#giveUp(fault: string): Generator<FileRecord> {
    const [first, ...others] = this.#open;
    this.#open = [];
    if (first === undefined) return;
    const own = others.length === 0 ? fault : quoteNotClosed;
    yield { line: first.line, text: first.text, values: [], fault: first.fault ?? own };
    for (const line of others) yield* this.#take(line);
  }
}

/** The fields of a record; undefined if a quoted field is still open; a string, the fault, if the record is invalid. */
function splitFields(text: string): string[] | string | undefined {
  const fields: string[] = [];
  for (let at = 0; ;) {
    if (text[at] !== '"') {
      const comma = text.indexOf(',', at);
      const field = text.slice(at, comma < 0 ? text.length : comma);
      if (field.includes('"')) return 'an unquoted field contains a quote';
      fields.push(field);
      if (comma < 0) return fields;
      at = comma + 1;
      continue;
    }
    let end = text.indexOf('"', at + 1);
    while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
    if (end < 0) return undefined;
    fields.push(text.slice(at + 1, end).replaceAll('""', '"'));
    if (end + 1 === text.length) return fields;
    if (text[end + 1] !== ',') return 'something follows a closing quote';
    at = end + 2;
  }
}

/** Joins lines, and restores the empty ones that the line reader skipped, by their line numbers. */
function joinLines(lines: readonly Line[]): string {
  let joined = lines[0]!.text;
  for (let i = 1; i < lines.length; i++) {
    const before = lines[i - 1]!;
    joined += before.end.repeat(lines[i]!.line - before.line) + lines[i]!.text;
  }
  return joined;
}
