import { delimitedRows } from '../../../graph-data/table-files/index.ts';
import { figureText, intervalText, signedText } from '../text/format.ts';
import type { Figure, FiguresTable } from './figures-table.ts';

/** How a table of figures is written. */
export const tableStyles = ['latex', 'csv', 'markdown'] as const;
export type TableStyle = (typeof tableStyles)[number];

/** The table as text that ends with a line break. */
export function renderTable(table: FiguresTable, style: TableStyle): string {
  return { latex: latexTable, csv: csvTable, markdown: markdownTable }[style](table);
}

/** A `tabular` with the rules of the package booktabs. */
function latexTable({ columns, rows }: FiguresTable): string {
  return [
    '% needs \\usepackage{booktabs}; bold: significantly better than all others',
    `\\begin{tabular}{l${'r'.repeat(columns.length)}}`,
    '\\toprule',
    latexLine(['setting', ...columns].map(latexText)),
    '\\midrule',
    ...rows.map(({ name, figures }) => latexLine([latexText(name), ...figures.map(latexCell)])),
    '\\bottomrule',
    '\\end{tabular}',
    '',
  ].join('\n');
}

function latexCell(figure: Figure | undefined): string {
  if (figure === undefined) return '';
  const [value, interval] = textsOf(figure).map((text) => text.replaceAll('−', '$-$'));
  return `${figure.isBest ? `\\textbf{${value}}` : value} {\\scriptsize ${interval}}`;
}

function latexLine(cells: readonly string[]): string {
  return `${cells.join(' & ')} \\\\`;
}

function latexText(text: string): string {
  const commands: Readonly<Record<string, string>> = {
    '\\': '\\textbackslash{}',
    '~': '\\textasciitilde{}',
    '^': '\\textasciicircum{}',
    '−': '$-$',
    '<': '\\textless{}',
    '>': '\\textgreater{}',
    '|': '\\textbar{}',
  };
  return text.replaceAll(/[\\~^−<>|&%$#_{}]/g, (character) => commands[character] ?? `\\${character}`);
}

function markdownTable({ columns, rows }: FiguresTable): string {
  return [
    markdownLine(['setting', ...columns].map(markdownText)),
    markdownLine(['---', ...columns.map(() => '---:')]),
    ...rows.map(({ name, figures }) => markdownLine([markdownText(name), ...figures.map(markdownCell)])),
    '',
  ].join('\n');
}

function markdownCell(figure: Figure | undefined): string {
  if (figure === undefined) return '';
  const [value, interval] = textsOf(figure);
  return `${figure.isBest ? `**${value}**` : value} ${interval}`;
}

function markdownLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function markdownText(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|]/g, String.raw`\$&`);
}

/** One line for each figure, unrounded. */
function csvTable({ columns, rows }: FiguresTable): string {
  const { header, line } = delimitedRows(
    [
      { name: 'setting', kind: 'text' },
      { name: 'figure', kind: 'text' },
      { name: 'value', kind: 'number' },
      { name: 'low', kind: 'number' },
      { name: 'high', kind: 'number' },
      { name: 'isBest', kind: 'boolean' },
    ],
    ',',
  );
  const lines = rows.flatMap(({ name, figures }) =>
    figures.flatMap((figure, i) => {
      if (figure === undefined) return [];
      const { value, interval, isBest } = figure;
      return [line([name, columns[i]!, value, interval.low, interval.high, isBest])];
    }),
  );
  return header + lines.join('');
}

/** "0.1920" and "[0.1787, 0.2052]". */
function textsOf({ value, interval, isDifference = false }: Figure): [string, string] {
  const text = isDifference ? signedText : figureText;
  return [text(value), intervalText(interval, text)];
}
