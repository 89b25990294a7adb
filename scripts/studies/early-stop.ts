import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import {
  type Params,
  type PinBoardGraph,
  Engine,
  TopPins,
  degreeOf,
  nextBelow,
  nodeCount,
  randomStream,
} from '../../engine/index.ts';
import { loadActiveSnapshot } from '../../graph-data/index.ts';
import { dataFolder, dataOption, integer } from '../commands/shared/options.ts';
import { print } from '../output.ts';
import { drawFile } from '../reports/draw.ts';
import { type Curve, curvesDrawing } from '../reports/plots/curves.ts';

const stepsFull = 200_000;
const top = 100;

/**
 * The rules, each with its settings. All are compared with the same full walk, except `stable`, which walks in batches
 * with their own random streams: its full walk is one in batches that does not stop.
 */
const rules: readonly {
  readonly name: string;
  readonly full?: Params;
  readonly settings: readonly (readonly [string, Params])[];
}[] = [
  {
    name: 'fixed',
    settings: [0.025, 0.05, 0.1, 0.2, 1 / 3, 0.5].map((share) => [
      percent(share),
      { steps: share * stepsFull },
    ]),
  },
  {
    name: 'visits',
    settings: [100, 200, 400, 700, 1000, 1500, 2000].map((earlyStopPins) => [
      `n_p ${earlyStopPins}, n_v 4`,
      { earlyStop: 'visits', earlyStopPins },
    ]),
  },
  {
    name: 'stable',
    full: { earlyStop: 'stable', stableOverlap: 1 },
    settings: [0.8, 0.9, 0.92, 0.94, 0.96, 0.98].map((stableOverlap) => [
      `overlap ${stableOverlap}`,
      { earlyStop: 'stable', stableOverlap },
    ]),
  },
  {
    name: 'last hop spread',
    settings: [0.0125, 0.025, 0.05, 0.1, 0.2].map((share) => [
      percent(share),
      { steps: share * stepsFull, lastHop: 'spread' },
    ]),
  },
];

export function earlyStopCommand(): Command {
  return new Command('early-stop')
    .description(
      'Steps against overlap with the top 100 of 200,000 steps: fixed budgets, early stops, and a spread last hop.',
    )
    .addOption(dataOption())
    .option('--pins <n>', 'query pins for each power of two of the degree', integer(1, 1000), 8)
    .option('--plot <file>', 'write the curves as SVG')
    .action((options: { data: string; pins: number; plot?: string }) => {
      const { graph } = loadActiveSnapshot(dataFolder(options), (fault) => {
        process.stderr.write(`${fault.message}\n`);
      });
      const lines = measure(graph, options.pins);
      if (options.plot === undefined) return;
      const drawing = curvesDrawing({
        title: 'Share of the top 100 that is missed, against steps, by stopping rule',
        x: 'steps (mean over query pins)',
        y: 'share of the top 100 that is missed',
        curves: lines,
      });
      writeFileSync(options.plot, drawFile(drawing));
    });
}

/** Prints a row for each setting of each rule, and returns the curves. */
function measure(graph: PinBoardGraph, pinsPerClass: number): Curve[] {
  const engine = new Engine(graph);
  const classes = queryPins(engine, pinsPerClass).filter((pins) => pins.length > 0);
  print(`${classes.flat().length} query pins in ${classes.length} degree classes.\n`);
  print(
    '| rule | setting | steps, mean | of 200,000 | overlap, mean | lowest class | lowest pin | ms, mean |',
  );
  print('| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |');
  return rules.map(({ name, settings, full: fullParams = {} }) => {
    const full = new Map(classes.flat().map((pin) => [pin, walk(engine, pin, fullParams).pins]));
    const points = settings.map(([setting, params]) => {
      const byClass = classes.map((pins) => pins.map((pin) => compare(engine, pin, params, full.get(pin)!)));
      const all = byClass.flat();
      const steps = mean(all.map((each) => each.steps));
      const overlap = mean(all.map((each) => each.overlap));
      const lowestClass = Math.min(...byClass.map((each) => mean(each.map((one) => one.overlap))));
      const lowestPin = Math.min(...all.map((each) => each.overlap));
      const figures = [overlap, lowestClass, lowestPin].map((figure) => figure.toFixed(3));
      const counts = [Math.round(steps).toLocaleString('en-US'), percent(steps / stepsFull)];
      print(
        `| ${[name, setting, ...counts, ...figures, mean(all.map(({ ms }) => ms)).toFixed(1)].join(' | ')} |`,
      );
      return { x: Math.round(steps), y: 1 - overlap };
    });
    return { name, points };
  });
}

function compare(
  engine: Engine,
  pin: number,
  params: Params,
  full: ReadonlySet<number>,
): { steps: number; overlap: number; ms: number } {
  const { pins, steps, ms } = walk(engine, pin, params);
  return { steps, ms, overlap: [...pins].filter((each) => full.has(each)).length / full.size };
}

function walk(engine: Engine, pin: number, params: Params): { pins: Set<number>; steps: number; ms: number } {
  const best = new TopPins(top);
  const steps = Math.round(Number(params['steps'] ?? stepsFull));
  const started = performance.now();
  const stats = engine.recommend('pixie', { pins: [pin], weights: [1] }, { ...params, steps }, 1, best);
  const ms = performance.now() - started;
  return { pins: new Set(best.drain().map((each) => each.pin)), steps: Number(stats['steps']), ms };
}

/** Random query pins in classes by the power of two of their degree, without those whose walks find fewer than 100 pins. */
function queryPins(engine: Engine, pinsPerClass: number): number[][] {
  const { pinToBoard } = engine.graph;
  const random = randomStream(2026);
  const found: number[][] = Array.from({ length: 31 }, () => []);
  for (let i = 0; i < 40 * nodeCount(pinToBoard); i++) {
    const pin = nextBelow(random, nodeCount(pinToBoard));
    const degree = degreeOf(pinToBoard, pin);
    if (degree === 0) continue;
    const pins = found[Math.floor(Math.log2(degree))]!;
    if (pins.length === pinsPerClass || pins.includes(pin)) continue;
    if (walk(engine, pin, { steps: stepsFull / 10 }).pins.size === top) pins.push(pin);
  }
  return found;
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
