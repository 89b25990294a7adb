import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { degreeOf, neighborsOf, nodeCount, saveCount } from '../../engine/index.ts';
import { syntheticGraph } from '../../scripts/bench/kernel.ts';
import { drawOnePin } from '../../scripts/studies/specificity/one-pin.ts';

const script = path.join(import.meta.dirname, '../../scripts/studies/main.ts');

test('a draw hides one pin of each board, and queries another pin of that board for it', () => {
  const graph = syntheticGraph(5_000);
  const { train, queries } = drawOnePin(graph, 200, 3);
  expect(drawOnePin(graph, 200, 3)).toEqual({ train, queries });
  // Boards whose hidden pin had no other board are no queries, but lost their save too.
  expect(saveCount(graph) - saveCount(train)).toBe(200);
  const together = ({ pin, hidden }: { pin: number; hidden: number }): boolean =>
    Array.from(neighborsOf(graph.pinToBoard, pin)).some((board) =>
      neighborsOf(graph.boardToPin, board).includes(hidden),
    );
  expect(queries.filter((each) => each.pin === each.hidden || !together(each))).toEqual([]);
  expect(nodeCount(train.pinToBoard)).toBe(nodeCount(graph.pinToBoard));
  expect(queries.every(({ hidden }) => degreeOf(train.pinToBoard, hidden) > 0)).toBe(true);
});

test('the study prints a row for each specificity, relative to related before it had one', () => {
  const args = [script, 'specificity', '--small', '--queries', '30'];
  const output = execFileSync(process.execPath, args, { encoding: 'utf8' });
  const rows = output.split('\n').filter((line) => /^\| (before|[\d.]+) \|/.test(line));
  expect(rows.map((row) => row.split('|')[1]!.trim())).toEqual(['before', '0', '0.25', '0.5', '0.75', '1']);
  expect(rows[0]).toContain('1.000 [1.000, 1.000]');
});
