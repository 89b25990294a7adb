import { type Cell, type TableColumn, type TableRow, isMissing } from './columns.ts';

/** How a text format writes rows. Lines end with a line feed. */
interface TextRows {
  /** The first line, if the format has one. */
  readonly header: string;
  readonly line: (row: TableRow) => string;
}

/**
 * RFC 4180 with line feeds. A missing value is an empty field, an empty text is `""`. Fields are quoted if they contain the
 * delimiter, a quote or a line break, start or end with white space, or start with `#` or `%`, which readers take for a comment.
 */
export function delimitedRows(columns: readonly TableColumn[], delimiter: string): TextRows {
  const fieldOf = (text: string): string =>
    needsQuotes(text, delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
  const cellOf = (cell: Cell, { kind }: TableColumn): string => {
    if (isMissing(cell)) return '';
    if (kind === 'text') return fieldOf(String(cell));
    if (kind === 'json') return fieldOf(typeof cell === 'string' ? cell : JSON.stringify(cell));
    return kind === 'time' ? new Date(cell as number).toISOString() : String(cell);
  };
  return {
    header: `${columns.map(({ name }) => fieldOf(name)).join(delimiter)}\n`,
    line: (row) => `${columns.map((column, i) => cellOf(row[i], column)).join(delimiter)}\n`,
  };
}

function needsQuotes(text: string, delimiter: string): boolean {
  return text === '' || text.includes(delimiter) || /["\r\n]|^[\s#%]|\s$/.test(text);
}

/** One JSON object a line, with all columns; a missing value is null. */
export function jsonRows(columns: readonly TableColumn[]): TextRows {
  const names = columns.map(({ name }) => `${JSON.stringify(name)}:`);
  return {
    header: '',
    line: (row) => `{${columns.map((column, i) => names[i]! + jsonCell(row[i], column)).join(',')}}\n`,
  };
}

function jsonCell(cell: Cell, { kind }: TableColumn): string {
  if (isMissing(cell)) return 'null';
  return JSON.stringify(kind === 'time' ? new Date(cell as number).toISOString() : cell);
}
