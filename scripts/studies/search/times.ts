import { monitorEventLoopDelay } from 'node:perf_hooks';
import { print } from '../../output.ts';
import { tableLines } from '../../reports/text/format.ts';
import type { Corpus } from './corpus.ts';

const rounds = 5;

/**
 * How long searches of 20 pins take, one after another, beside SQLite's FTS5 with the same queries in turn, and how long they hold the
 * event loop at once. The first round is a warm-up.
 */
export async function printTimes(title: string, corpus: Corpus, texts: readonly string[]): Promise<void> {
  const names = ['as served', 'FTS5, unicode61'] as const;
  const times = names.map((): number[] => []);
  const loop = monitorEventLoopDelay({ resolution: 1 });
  for (let round = 0; round <= rounds; round++) {
    if (round === 1) loop.enable();
    for (const text of texts) {
      for (const [i, find] of [corpus.first, corpus.plainFirst].entries()) {
        const start = performance.now();
        await find(text);
        if (round > 0) times[i]!.push(performance.now() - start);
      }
    }
  }
  loop.disable();
  const [served, plain] = times.map((all) => all.toSorted((a, b) => a - b));
  const rows = [served!, plain!].map((all, i) => {
    const own = [0.5, 0.99].map((share) => `${at(all, share).toFixed(2)} ms`);
    const ratios = [0.5, 0.99].map((share) => (at(all, share) / at(plain!, share)).toFixed(2));
    return [[names[i]!], own, ratios].flat();
  });
  print(`${title}: times of ${texts.length} queries, ${rounds} rounds\n`);
  for (const line of tableLines({ columns: ['', 'p50', 'p99', '÷ FTS5, p50', '÷ FTS5, p99'], rows }))
    print(line);
  print(`\nThe index of texts was ready after ${(corpus.indexedMs / 1e3).toFixed(2)} s.`);
  const held = [loop.percentile(99), loop.max].map((ns) => (ns / 1e6).toFixed(1));
  print(`The event loop was late by ${held[0]} ms (p99), ${held[1]} ms at most.\n`);
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(share * (sorted.length - 1))]!;
}
