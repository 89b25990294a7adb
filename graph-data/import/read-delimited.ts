import type { FileRecord } from './file-record.ts';
import type { Line } from './read-lines.ts';
import { RecordParser, type Splitting } from './record-parser.ts';

/** Maximum length of a record in UTF-16 units; beyond it, the opening quote counts as a stray one. */
const recordLengthMax = 2 ** 22;
const quoteNotClosed = 'a quote is opened and not closed';

/**
 * Joins the lines of a delimited file into records.
 *
 * A stray quote must neither swallow the rest of the file nor turn the lines of a text into rows. If a quoted field does
 * not close, or closes where no field can end, its first line is refused. The following lines are rows only if each of them
 * has the file's number of fields; otherwise they belong to the refused record. This is why no library is used: streaming
 * CSV parsers abort the file or read what follows as one field.
 */
export class DelimitedReader {
  /** Number of fields of the first record, which all records must have. */
  #fieldCount = 0;
  readonly #parser: RecordParser;
  readonly #splitting: Splitting;
  #open: Line[] = [];
  #openLength = 0;

  constructor(splitting: Splitting) {
    this.#splitting = splitting;
    this.#parser = new RecordParser(splitting);
  }

  /** The records completed by these lines. */
  *push(lines: Iterable<Line>): Generator<FileRecord> {
    for (const line of lines) yield* this.#take(line);
  }

  /** The records of the lines still open at the end of the file. */
  *end(): Generator<FileRecord> {
    while (this.#open.length > 0) yield* this.#giveUp(quoteNotClosed, this.#open.slice(1));
  }

  *#take(line: Line): Generator<FileRecord> {
    const before = this.#open.at(-1);
    if (before === undefined && line.fault !== undefined) {
      yield { line: line.line, text: line.text, values: [], fault: line.fault };
      return;
    }
    // The line reader skips empty lines, which a quoted field may contain.
    const ends = before?.end.repeat(line.line - before.line);
    const state = line.fault === undefined ? this.#parser.take(line.text, ends) : { fault: line.fault };
    this.#open.push(line);
    this.#openLength += line.text.length;
    if (state === 'complete') {
      const values = this.#parser.fields();
      this.#fieldCount ||= values.length;
      const record = { line: this.#open[0]!.line, text: textOf(this.#open), values };
      this.#close();
      yield record;
    } else if (state !== 'open') yield* this.#giveUp(state.fault, this.#open.slice(1, -1));
    else if (this.#openLength > recordLengthMax) yield* this.#giveUp(quoteNotClosed, this.#open.slice(1));
  }

  /** Refuses the open record: its first line if those `between` it and the fault are rows, otherwise all its lines. */
  *#giveUp(fault: string, between: readonly Line[]): Generator<FileRecord> {
    const [first, ...others] = this.#open;
    const open = this.#open;
    this.#close();
    this.#parser.reset();
    if (first === undefined) return;
    if (others.length === 0) yield { line: first.line, text: first.text, values: [], fault };
    else if (between.every((line) => this.#isRow(line))) {
      yield { line: first.line, text: first.text, values: [], fault: first.fault ?? quoteNotClosed };
      for (const line of others) yield* this.#take(line);
    } else {
      const last = others.at(-1)!.line;
      yield {
        line: first.line,
        text: textOf(open),
        values: [],
        fault: `${fault} (lines ${first.line} to ${last})`,
      };
    }
  }

  #isRow({ text, fault }: Line): boolean {
    const parser = new RecordParser(this.#splitting);
    return (
      fault === undefined && parser.take(text) === 'complete' && parser.fields().length === this.#fieldCount
    );
  }

  #close(): void {
    this.#open = [];
    this.#openLength = 0;
  }
}

function textOf(lines: readonly Line[]): string {
  let text = lines[0]!.text;
  for (let i = 1; i < lines.length; i++) {
    const before = lines[i - 1]!;
    text += before.end.repeat(lines[i]!.line - before.line) + lines[i]!.text;
  }
  return text;
}
