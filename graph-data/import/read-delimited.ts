import { parse } from 'csv-parse/sync';
import type { Line } from './read-lines.ts';
import type { FileRecord } from './records.ts';

/** How far a quoted field may run over line ends before its opening quote counts as a stray one. */
const quotedLinesMax = 100;

/**
 * Tab-separated records: a line is a record, quotes are ordinary characters (the IANA type
 * text/tab-separated-values knows no quoting).
 */
export function* tabRecords(lines: Iterable<Line>): Generator<FileRecord> {
  for (const { line, text, fault } of lines) {
    yield fault === undefined ? { line, text, values: text.split('\t') } : { line, text, values: [], fault };
  }
}

/**
 * Comma-separated records (RFC 4180), quoted fields may hold line ends. The parser of csv-parse sees only
 * records with a quote in them; the others are split directly, ten times as fast.
 *
 * A stray quote must not swallow the rest of the file: a record that is not closed after
 * {@link quotedLinesMax} lines, or at the end of the file, is refused by its first line alone, and reading
 * goes on with the second.
 */
export class CommaReader {
  #open: Line[] = [];

  /** The records that these lines complete. */
  *push(lines: Iterable<Line>): Generator<FileRecord> {
    for (const line of lines) yield* this.#take(line);
  }

  /** The records of what is still open at the end of the file. */
  *end(): Generator<FileRecord> {
    while (this.#open.length > 0) yield* this.#giveUp();
  }

  *#take(line: Line): Generator<FileRecord> {
    const { text, fault } = line;
    if (this.#open.length === 0) {
      if (fault !== undefined) yield { ...line, values: [], fault };
      else if (!text.includes('"')) yield { line: line.line, text, values: text.split(',') };
      else if (isClosed(text)) yield quotedRecord(line.line, text);
      else this.#open.push(line);
      return;
    }
    this.#open.push(line);
    const last = this.#open.length - 1;
    const joined = fault === undefined ? joinLines(this.#open) : undefined;
    if (joined !== undefined && text.includes('"') && isClosed(joined)) {
      const first = this.#open[0]!.line;
      this.#open = [];
      yield quotedRecord(first, joined);
    } else if (fault !== undefined || last >= quotedLinesMax) {
      yield* this.#giveUp();
    }
  }

  /** Refuses the first open line and reads the others again. */
  *#giveUp(): Generator<FileRecord> {
    const [first, ...others] = this.#open;
    this.#open = [];
    if (first === undefined) return;
    yield { line: first.line, text: first.text, values: [], fault: 'a quote is opened and not closed' };
    for (const line of others) yield* this.#take(line);
  }
}

/** Whether every quoted field that a text opens is closed in it: an even number of quotes. */
function isClosed(text: string): boolean {
  let quotes = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) quotes++;
  return quotes % 2 === 0;
}

/** Empty lines inside a quoted field were left out by the line reader: their numbers say where. */
function joinLines(lines: readonly Line[]): string {
  let joined = lines[0]!.text;
  for (let i = 1; i < lines.length; i++) {
    joined += '\n'.repeat(lines[i]!.line - lines[i - 1]!.line) + lines[i]!.text;
  }
  return joined;
}

function quotedRecord(line: number, text: string): FileRecord {
  try {
    const [values = []] = parse(text, { relax_column_count: true });
    return { line, text, values };
  } catch {
    return { line, text, values: [], fault: 'quotes inside a field are not doubled' };
  }
}
