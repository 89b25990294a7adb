import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Report, evaluate } from '../../../api/library/index.ts';
import { type FiguresTable, evaluateTable } from '../../../scripts/reports/tables/figures-table.ts';
import { renderTable } from '../../../scripts/reports/tables/render-table.ts';
import { temporaryFolder } from '../../data-folders.ts';
import { pinwalk } from '../command.ts';
import { writeCircles } from '../sweeps.ts';

const folder = temporaryFolder(afterAll);
let train = '';
beforeAll(() => {
  train = writeCircles(folder);
});
const reportOf = async (...algorithms: string[]): Promise<Report> =>
  evaluate({ train, holdOut: 0.2, algorithms, resamples: 400, threads: 1, k: 5 });
const bestOf = ({ rows }: FiguresTable): string[] =>
  rows.filter(({ figures }) => figures.some((figure) => figure?.isBest)).map(({ name }) => name);

test('a table marks the best only where the paired test separates it from every other setting', async () => {
  const apart = await reportOf('paths', 'popular');
  const { columns, rows } = evaluateTable(apart);
  expect(bestOf({ columns, rows })).toEqual(['paths']);
  expect(columns[2]).toBe('ndcg@5');
  const { ndcg, intervals } = apart.results[0]!;
  expect(rows[0]!.figures[2]).toEqual({ value: ndcg, interval: intervals.ndcg, isBest: true });
  // Two exact algorithms with nearly the same lists are ahead of the third, but not of each other.
  expect(bestOf(evaluateTable(await reportOf('paths', 'ppr', 'popular')))).toEqual([]);
  expect(bestOf(evaluateTable(await reportOf('paths')))).toEqual([]);
});

const table: FiguresTable = {
  columns: ['ndcg@5 & more'],
  rows: [
    {
      name: 'a_b|50% {x}~^\\#$',
      figures: [{ value: 0.5, interval: { low: 0.25, high: 0.75 }, isBest: true }],
    },
    {
      name: 'a − b',
      figures: [{ value: -0.1, interval: { low: -0.2, high: 0 }, isBest: false, isDifference: true }],
    },
    { name: 'unmeasured', figures: [undefined] },
  ],
};

test('a LaTeX table uses the rules of booktabs and escapes every special character', () => {
  expect(renderTable(table, 'latex').split('\n').slice(1)).toEqual([
    String.raw`\begin{tabular}{lr}`,
    String.raw`\toprule`,
    String.raw`setting & ndcg@5 \& more \\`,
    String.raw`\midrule`,
    String.raw`a\_b\textbar{}50\% \{x\}\textasciitilde{}\textasciicircum{}\textbackslash{}\#\$ & \textbf{0.5000} {\scriptsize [0.2500, 0.7500]} \\`,
    String.raw`a $-$ b & $-$0.1000 {\scriptsize [$-$0.2000, +0.0000]} \\`,
    String.raw`unmeasured &  \\`,
    String.raw`\bottomrule`,
    String.raw`\end{tabular}`,
    '',
  ]);
});

test('a Markdown table escapes what would end a cell, and a CSV table has one unrounded figure a line', () => {
  expect(renderTable(table, 'markdown').split('\n').slice(0, 4)).toEqual([
    '| setting | ndcg@5 & more |',
    '| --- | ---: |',
    String.raw`| a\_b\|50% {x}~^\\#$ | **0.5000** [0.2500, 0.7500] |`,
    '| a − b | −0.1000 [−0.2000, +0.0000] |',
  ]);
  expect(renderTable(table, 'csv').split('\n')).toEqual([
    'setting,figure,value,low,high,isBest',
    'a_b|50% {x}~^\\#$,ndcg@5 & more,0.5,0.25,0.75,true',
    'a − b,ndcg@5 & more,-0.1,-0.2,0,false',
    '',
  ]);
});

test('compare --table latex prints one table of both settings and their difference, and nothing else', async () => {
  const args = ['--train', train, '--hold-out', '0.2', '--k', '5', '--threads', '1', '--resamples', '200'];
  const { code, stdout } = await pinwalk('compare', 'paths', 'popular', ...args, '--table', 'latex');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^% needs/);
  expect(stdout.trimEnd()).toMatch(/\\end\{tabular\}$/);
  expect(stdout).toContain('paths & \\textbf{');
  expect(stdout).toContain('paths $-$ popular & +0.');
  const both = await pinwalk('compare', 'paths', 'popular', ...args, '--table', 'csv', '--json');
  expect(both.code).toBe(2);
});
