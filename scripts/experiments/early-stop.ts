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
import { loadActiveSnapshot, openDataFolder } from '../../graph-data/index.ts';

/**
 * Steps against overlap, for the paper's early stop and for ours: `npm run early-stop -- DATA_FOLDER`. Query pins of
 * all degrees, as many from each power of two; overlap is the share of the top 100 of 200,000 steps that the stopped
 * walk has in its own top 100.
 */
const steps = 200_000;
const top = 100;
const pinsPerClass = 8;
const folder = process.argv[2] ?? 'data';
const { graph } = loadActiveSnapshot(openDataFolder(folder), (fault) =>
  process.stderr.write(`${fault.message}\n`),
);
const engine = new Engine(graph);
const classes = queryPins(graph).filter((pins) => pins.length > 0);
const whole = new Map(classes.flat().map((pin) => [pin, walk(pin, {}).pins]));

print(
  '| rule | steps, mean | share of 200,000 | overlap at 100, mean | lowest class of degrees | lowest pin |',
);
print('| --- | ---: | ---: | ---: | ---: | ---: |');
for (const share of [0.05, 0.1, 0.2, 1 / 3, 0.5]) {
  measure(`none: a walk of ${Math.round(share * 100)} %`, { steps: Math.round(share * steps) });
}
for (const earlyStopPins of [100, 200, 400, 700, 1000, 1500, 2000]) {
  measure(`visits, n_p ${earlyStopPins}, n_v 4`, { earlyStop: 'visits', earlyStopPins });
}
for (const share of [0.025, 0.05, 0.1, 0.2]) {
  measure(`none, last hop spread: a walk of ${share * 100} %`, {
    steps: Math.round(share * steps),
    lastHop: 'spread',
  });
}
for (const stableOverlap of [0.8, 0.85, 0.88, 0.9, 0.92, 0.94, 0.96]) {
  measure(`stable, overlap ${stableOverlap}`, { earlyStop: 'stable', stableOverlap });
}

function measure(rule: string, params: Params): void {
  const byClass = classes.map((pins) =>
    pins.map((pin) => {
      const stopped = walk(pin, params);
      const full = whole.get(pin)!;
      return {
        steps: stopped.steps,
        overlap: [...stopped.pins].filter((each) => full.has(each)).length / full.size,
      };
    }),
  );
  const all = byClass.flat();
  const meanSteps = mean(all.map((each) => each.steps));
  const overlaps = byClass.map((each) => mean(each.map(({ overlap }) => overlap)));
  const lowest = Math.min(...all.map(({ overlap }) => overlap));
  const figures = [mean(all.map(({ overlap }) => overlap)), Math.min(...overlaps), lowest];
  const cells = [rule, Math.round(meanSteps).toLocaleString('en-US'), (meanSteps / steps).toFixed(2)];
  print(`| ${[...cells, ...figures.map((figure) => figure.toFixed(3))].join(' | ')} |`);
}

function walk(pin: number, params: Params): { pins: Set<number>; steps: number } {
  const best = new TopPins(top);
  const stats = engine.recommend('pixie', { pins: [pin], weights: [1] }, { steps, ...params }, 1, best);
  return { pins: new Set(best.drain().map((each) => each.pin)), steps: Number(stats['steps']) };
}

/** Query pins by the power of two of their degree; those with less than a full top left out. */
function queryPins({ pinToBoard }: PinBoardGraph): number[][] {
  const random = randomStream(2026);
  const found: number[][] = Array.from({ length: 32 }, () => []);
  for (let i = 0; i < 40 * nodeCount(pinToBoard); i++) {
    const pin = nextBelow(random, nodeCount(pinToBoard));
    const degree = degreeOf(pinToBoard, pin);
    const pins = found[degree === 0 ? 31 : Math.floor(Math.log2(degree))]!;
    if (degree === 0 || pins.length === pinsPerClass || pins.includes(pin)) continue;
    if (walk(pin, { steps: 20_000 }).pins.size === top) pins.push(pin);
  }
  return found;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
