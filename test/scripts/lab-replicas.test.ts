import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../data-folders.ts';
import { commandEnv } from './command.ts';

/** Debian's package haproxy, or what `PINWALK_HAPROXY` names. */
const haproxy = process.env['PINWALK_HAPROXY'] ?? 'haproxy';
const isInstalled = spawnSync(haproxy, ['-v']).status === 0;
/** Other sizes: `PINWALK_LAB="--saves 2300000 --rate 5000 --seconds 20 --phase-seconds 4"`. */
const sizes = (process.env['PINWALK_LAB'] ?? '--saves 20000 --rate 300 --seconds 2 --phase-seconds 1').split(
  ' ',
);

test.skipIf(!isInstalled)(
  'behind HAProxy, no request fails while one replica is killed and the other lags, and every read sees its write (skipped without HAProxy)',
  { timeout: 1_200_000 },
  async () => {
    const main = path.join(import.meta.dirname, '../../scripts/lab/replicas/main.ts');
    const args = ['--haproxy', haproxy, '--folder', temporaryFolder(), '--json', ...sizes];
    const child = spawn(process.execPath, [main, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: commandEnv(),
    });
    const [printed, faults] = await Promise.all([text(child.stdout), text(child.stderr)]);
    if (process.env['PINWALK_LAB'] !== undefined) console.log(printed);
    expect(printed, faults).toContain('"proxied"');
    const { freshLag, lag, proxied } = JSON.parse(printed) as {
      freshLag: { lostReads: number };
      lag: { lostReads: number };
      proxied: { probes: number; unseen: number; statuses: Record<string, number> };
    };
    expect(proxied.probes).toBeGreaterThan(100);
    const lostReads = [freshLag.lostReads, lag.lostReads];
    expect({ lostReads, unseen: proxied.unseen, statuses: Object.keys(proxied.statuses) }).toEqual({
      lostReads: [0, 0],
      unseen: 0,
      statuses: ['200', '201'],
    });
  },
);
