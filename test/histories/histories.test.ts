import { rmSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { openDataFolder } from '../../graph-data/index.ts';
import { temporaryFolder } from '../data-folders.ts';
import { Build, type Command, Write, someBeginning, someCommands } from './commands.ts';
import { Expected, Real, startServer } from './model.ts';

/**
 * Their number; set PINWALK_HISTORIES for more, PINWALK_SEED for others. To replay a failure, set PINWALK_SEED, PINWALK_PATH
 * and PINWALK_REPLAY to its seed, path and replayPath.
 */
const histories = Number(process.env['PINWALK_HISTORIES'] ?? 4);
const { PINWALK_PATH: failurePath, PINWALK_REPLAY: replayPath } = process.env;
const commandsMax = 25;
/** No history starts later than this: the test passes, or reports the shortest failing history so far. */
const msMax = process.env['PINWALK_HISTORIES'] === undefined ? 100_000 : 60_000 + 10_000 * histories;

const folder = temporaryFolder(afterAll);
let folders = 0;

test(
  `after every step of ${histories} histories of writes, builds, swaps, restarts and erasures, the graph equals a fresh build`,
  { timeout: msMax + 1_200_000 },
  async () => {
    const until = performance.now() + msMax;
    let [runs, steps] = [0, 0];
    const someHistory = fc.commands([...someCommands], {
      maxCommands: commandsMax,
      size: 'max',
      ...(replayPath !== undefined && { replayPath }),
    });
    await fc.assert(
      fc.asyncProperty(someBeginning, someHistory, async (...parts) => {
        if (runs++ > 0 && performance.now() > until) return;
        steps += await run(...parts);
      }),
      { numRuns: histories, ...(failurePath !== undefined && { path: failurePath }) },
    );
    expect(steps).toBeGreaterThan(0);
  },
);

/** Runs commands one after another on a folder of their own, and returns their number. */
async function run(...parts: readonly Iterable<Command>[]): Promise<number> {
  const data = openDataFolder(path.join(folder, String(folders++)));
  const model = new Expected();
  const real = new Real(data, await startServer(data));
  try {
    for (const commands of parts) await fc.asyncModelRun(() => ({ model, real }), commands);
    return model.steps;
  } finally {
    await real.server.close();
    rmSync(data.root, { recursive: true });
  }
}

test('an import during a build without activation reaches the served graph', async () => {
  const pins = ['pin-1', 'pin-2'];
  const touch = { method: 'PUT', nodeKind: 'users', key: 'user-ann' } as const;
  const steps = await run([
    new Write({ method: 'import', pins }),
    new Build({ activate: true, meanwhile: [], isCut: false }),
    new Build({
      activate: false,
      meanwhile: [{ method: 'import', pins: pins.toReversed() }, touch],
      isCut: false,
    }),
  ]);
  expect(steps).toBe(3);
});
