import { RecordParser, type Splitting } from './record-parser.ts';

const candidates = [',', '\t', ';', '|', '::', 'space'];
const sampledLines = 100;
const names: Readonly<Record<string, string>> = { tab: '\t', comma: ',', semicolon: ';', pipe: '|' };

/** The delimiter that an option names: the text itself, `\t`, or a name. */
export function delimiterNamed(text: string): string {
  return names[text] ?? text.replaceAll(String.raw`\t`, '\t');
}

/**
 * The delimiter of these lines: `preferred` if it splits every line into the same number of fields, at least two; otherwise
 * the candidate that does, with the most fields; otherwise `preferred`.
 */
export function findDelimiter(lines: readonly { text: string }[], preferred: string): string {
  const sample = lines.slice(0, sampledLines).map(({ text }) => text);
  if (fieldsOfEach(sample, preferred) > 1) return preferred;
  // A tab or comma elsewhere in the first lines says that lines differ for another reason.
  let found = preferred;
  let most = 1;
  for (const delimiter of candidates) {
    const fields = fieldsOfEach(sample, delimiter);
    if (fields > most) [found, most] = [delimiter, fields];
  }
  return found;
}

/** The number of fields of every line; 0 if they differ. */
function fieldsOfEach(lines: readonly string[], delimiter: string): number {
  const parser = new RecordParser(splittingBy(delimiter));
  let count = -1;
  for (const line of lines) {
    const state = parser.take(line);
    if (state === 'open') continue;
    if (state !== 'complete') return 0;
    const { length } = parser.fields();
    if (count >= 0 && length !== count) return 0;
    count = length;
  }
  return Math.max(count, 0);
}

/** Whether fields can be quoted. Not in tab-separated files: text/tab-separated-values defines no quoting. */
export function splittingBy(delimiter: string, isCsv = false): Splitting {
  const hasQuotes = !['space', '::'].includes(delimiter) && (delimiter !== '\t' || isCsv);
  return { delimiter, hasQuotes };
}
