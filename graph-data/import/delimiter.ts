import { RecordParser, type Splitting } from './record-parser.ts';

const candidates = [',', '\t', ';', '|', '::', 'space'];
const sampledLines = 100;
const names: Readonly<Record<string, string>> = { tab: '\t', comma: ',', semicolon: ';', pipe: '|' };

/** A delimiter as people write it: the text itself, `\t`, or a name. */
export function delimiterNamed(text: string): string {
  return names[text] ?? text.replaceAll(String.raw`\t`, '\t');
}

/**
 * What separates the fields of these lines: `preferred` if it splits every line into the same number of fields, at
 * least two; otherwise the candidate that does, of several the one with most fields. `preferred` if there is none.
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

/** How many fields each of the lines has; 0 if they differ. */
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

/** Whether fields may be in quotes. Not between tabs: text/tab-separated-values has no quotes, so they are text. */
export function splittingBy(delimiter: string, isCsv = false): Splitting {
  const hasQuotes = !['space', '::'].includes(delimiter) && (delimiter !== '\t' || isCsv);
  return { delimiter, hasQuotes };
}
