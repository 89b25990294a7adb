import type { RecommendedItem } from '../../../api/contract/index.ts';
import { type WalkDiagnostics, convergenceParts } from '../../../api/recommend/index.ts';
import { print, printable, thousands } from '../../output.ts';
import type { WrittenGraph } from '../walk-graph.ts';

/** Maximum number of query pins to print: a user has hundreds. */
const rowsShown = 10;

/** Prints the diagnostics on standard output. */
export function printDiagnostics(diagnostics: WalkDiagnostics, graph: WrittenGraph | undefined): void {
  const { result, steps, restarts } = diagnostics;
  const { name, preset } = result.algorithm;
  const { missing } = result;
  print(`${preset ?? name}, seed ${result.randomSeed}, graph ${result.graphVersion}`);
  if (missing.length > 0) print(`Not in the graph: ${missing.map(printable).join(', ')}`);
  if (result.fallback !== null) {
    print('The query has no saves: no walk was run, and popular pins are recommended.');
  } else {
    const more = steps.second > 0 ? ` and ${thousands(steps.second)} second steps` : '';
    const end = steps.stoppedEarly ? '; stopped early' : '';
    print(`Steps     ${thousands(steps.walked)}${more}, of ${thousands(steps.planned)} planned${end}`);
    print(
      `Restarts  ${thousands(restarts.counted)}; expected ${thousands(Math.round(restarts.expected))}` +
        ` ± ${thousands(Math.round(restarts.standardDeviation))} at probability ${restarts.probability}`,
    );
    if (steps.lost > 0 || steps.lostExpected > 0) {
      print(`Lost      ${thousands(steps.lost)}; expected ${thousands(Math.round(steps.lostExpected))}`);
    }
  }
  printQueryPins(diagnostics);
  printItems(diagnostics);
  if (diagnostics.convergence.length > 0) {
    print(`\nConvergence: share of these ${result.items.length} items that a shorter walk finds`);
    if (result.algorithm.params['earlyStop'] !== 'none')
      print('(each of these walks applies the early stop itself)');
    for (const [i, { steps: made, overlap }] of diagnostics.convergence.entries()) {
      const bar = '█'.repeat(Math.round(overlap * 20)).padEnd(20);
      print(
        `  ${String(i + 1).padStart(2)}/${convergenceParts}  ${thousands(made).padStart(10)}  ${bar} ${overlap.toFixed(2)}`,
      );
    }
  }
  if (diagnostics.paths.length > 0) print('\nFirst paths: pin [board] pin …');
  for (const { nodes, ended } of diagnostics.paths) {
    const keys = nodes.map((key, i) => (i % 2 === 0 ? printable(key) : `[${printable(key)}]`));
    print(`  ${keys.join(' ')}${{ restart: '', lost: ' (lost)', steps: ' (out of steps)' }[ended]}`);
  }
  if (graph !== undefined) {
    print(`\n${graph.file}: ${thousands(graph.nodes)} nodes, ${thousands(graph.edges)} saves`);
  }
}

function printQueryPins({ queryPins, steps }: WalkDiagnostics): void {
  if (queryPins.length === 0) return;
  const shown = queryPins.slice(0, rowsShown);
  const width = widthOf(
    shown.map(({ pin }) => pin),
    9,
  );
  print(`\n${'Query pin'.padEnd(width)}      boards       steps    share    restarts`);
  for (const { pin, boards, steps: own, restarts } of shown) {
    const share = steps.walked === 0 ? 0 : own / steps.walked;
    print(
      `${printable(pin).padEnd(width)}  ${thousands(boards).padStart(10)}  ${thousands(own).padStart(10)}` +
        `  ${`${(100 * share).toFixed(1)} %`.padStart(7)}  ${thousands(restarts).padStart(10)}`,
    );
  }
  if (queryPins.length > shown.length) print(`… and ${queryPins.length - shown.length} more`);
}

function printItems({ result: { items }, visits }: WalkDiagnostics): void {
  print('');
  if (items.length === 0) print('No recommendations: the query has no boards in this graph.');
  const width = widthOf(items.map(nameOf), 0);
  for (const [place, item] of items.entries()) {
    const { total, byQueryPin } = visits[place]!;
    const from =
      byQueryPin.length < 2
        ? ''
        : ` (${byQueryPin
            .slice(0, 3)
            .map(({ pin, visits: own }) => `${printable(pin)} ${thousands(own)}`)
            .join(', ')})`;
    const why = item.reason === undefined ? '' : `  ${printable(item.reason.text)}`;
    print(
      `${String(item.rank).padStart(4)}  ${printable(nameOf(item)).padEnd(width)}  ${item.score.toPrecision(4)}` +
        `  ${thousands(total)} visits${from}${why}`,
    );
  }
}

/** The key, and the title if it differs. */
function nameOf({ pin, board, user, fields }: RecommendedItem): string {
  const key = pin ?? board ?? user ?? '';
  const title = fields?.['title'];
  return typeof title === 'string' && title !== key ? `${key} “${title}”` : key;
}

function widthOf(texts: readonly string[], least: number): number {
  return texts.reduce((width, text) => Math.max(width, printable(text).length), least);
}
