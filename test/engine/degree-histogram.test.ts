import { expect, test } from 'vitest';
import { type Adjacency, DegreeHistogram } from '../../engine/index.ts';
import { adjacencyOf } from '../graphs.ts';

function ofDegrees(degrees: readonly number[]): Adjacency {
  return adjacencyOf(
    degrees.flatMap((degree) => [0, degree]),
    [],
  );
}

function summaryOf(degrees: readonly number[], rangeLength = degrees.length) {
  const histogram = new DegreeHistogram();
  for (let start = 0; start < degrees.length; start += rangeLength) {
    histogram.add(ofDegrees(degrees), start, Math.min(degrees.length, start + rangeLength));
  }
  return histogram.summary();
}

test('degree percentiles of the degrees 1 to 100 are exact, counted at once or in ranges', () => {
  const degrees = Array.from({ length: 100 }, (_, i) => ((i * 37) % 100) + 1);
  expect(summaryOf(degrees)).toEqual({ p50: 50, p90: 90, p99: 99, max: 100 });
  expect(summaryOf(degrees, 7)).toEqual({ p50: 50, p90: 90, p99: 99, max: 100 });
});

test('degree percentiles of hubs beyond the table are exact', () => {
  expect(summaryOf([0, 65_535, 65_536, 3_000_000, 70_000])).toEqual({
    p50: 65_536,
    p90: 3_000_000,
    p99: 3_000_000,
    max: 3_000_000,
  });
});

test('degree percentiles of no nodes are 0, and of one node its degree', () => {
  expect(summaryOf([])).toEqual({ p50: 0, p90: 0, p99: 0, max: 0 });
  expect(summaryOf([7])).toEqual({ p50: 7, p90: 7, p99: 7, max: 7 });
});
