import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { neighborsOf, nodeCount, splitSaves } from '../../engine/index.ts';
import { syntheticGraph } from '../../scripts/bench/kernel.ts';
import { drawQueries } from '../../scripts/studies/held-out/judge.ts';

const script = path.join(import.meta.dirname, '../../scripts/studies/main.ts');

function rowsOf(study: string): string[][] {
  const args = [script, study, '--small', '--queries', '30'];
  const output = execFileSync(process.execPath, args, { encoding: 'utf8' });
  const rows = output.split('\n').filter((line) => line.startsWith('| synthetic'));
  return rows.map((row) =>
    row
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1),
  );
}

test('a draw takes query pins from a board, never one that is held out of it', () => {
  const split = splitSaves(syntheticGraph(5_000), 0.2, 1);
  const queries = drawQueries(split, 3, 100, 5);
  expect(queries).toHaveLength(100);
  expect(drawQueries(split, 3, 100, 5)).toEqual(queries);
  for (const { pins, own, hidden } of queries) {
    expect(new Set(pins).size).toBe(3);
    expect(pins.every((pin) => own.has(pin) && !hidden.has(pin))).toBe(true);
    expect(hidden.size).toBeGreaterThan(0);
  }
  const boards = Array.from({ length: nodeCount(split.train.boardToPin) }, (_, board) => board);
  const known = new Set(boards.map((board) => [...neighborsOf(split.train.boardToPin, board)].join(' ')));
  expect(queries.every(({ own }) => known.has([...own].join(' ')))).toBe(true);
});

test('query-pins prints six numbers of query pins; for one, related is what it is for one', () => {
  const rows = rowsOf('query-pins');
  expect(rows.map(([, size]) => size)).toEqual(['1', '2', '3', '5', '8', '13']);
  expect(rows[0]![3]).toBe('1.000 [1.000, 1.000]');
});

test('rare prints three shares, and keeps them: at 0.2, a fifth of the places at least is rare', () => {
  const rows = rowsOf('rare');
  expect(rows.map(([, , share]) => share)).toEqual(['0', '0.1', '0.2']);
  expect(Number.parseFloat(rows[2]![5]!)).toBeGreaterThanOrEqual(20);
});

test('calibration brings topics nearer to those of the query, the more the higher it is', () => {
  const rows = rowsOf('calibration');
  expect(rows.map(([, , value]) => value)).toEqual(['0', '0.25', '0.5', '0.75', '0.9', '1']);
  const distances = rows.map((cells) => Number(cells[5]));
  expect(distances.toSorted((a, b) => b - a)).toEqual(distances);
  expect(distances[0]!).toBeGreaterThan(distances.at(-1)!);
});
