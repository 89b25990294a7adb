import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { commandEnv } from './command.ts';

/** The folder of `npm run lab:kafka`, with the jars of a broker. */
const folder = process.env['PINWALK_KAFKA'];
/** Other sizes: `PINWALK_LAB="--kills 200"`. */
const sizes = (process.env['PINWALK_LAB'] ?? '--kills 4').split(' ');
const skipped = 'PINWALK_KAFKA names no Kafka (npm run lab:kafka -- --help)';

test.skipIf(folder === undefined)(
  folder === undefined ? skipped : 'with a real broker, each record counts once across kills of either side',
  { timeout: 3_600_000 },
  async () => {
    const main = path.join(import.meta.dirname, '../../scripts/lab/kafka/main.ts');
    const args = ['--folder', folder!, '--saves', '0', '--json', ...sizes];
    const child = spawn(process.execPath, [main, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: commandEnv(),
    });
    const [printed, faults] = await Promise.all([text(child.stdout), text(child.stderr)]);
    if (process.env['PINWALK_LAB'] !== undefined) console.log(printed);
    expect(printed, faults).toContain('"kills"');
    const found = JSON.parse(printed) as { records: number; kills: Record<string, number>; faults: string[] };
    expect(found.records).toBeGreaterThan(100);
    expect(found.faults).toEqual([]);
  },
);
