import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { deliverDue, storeOutbox } from '../../api/notifications/index.ts';
import {
  type DataFolder,
  type Notification,
  type NotificationStore,
  readPerson,
} from '../../graph-data/index.ts';
import type { NotifiedPeople } from './notified-people.ts';
import { webhookSenders } from './webhook-senders.ts';

const hourMs = 3_600_000;
/** As many as a crash can lose. */
const atOnce = 8;

interface Sender {
  /** Everything so far. */
  readonly printed: () => string;
  /** Returns the whole lines that it has printed. */
  readonly kill: () => Promise<string[]>;
}

/** Starts a process that sends, under a clock that is `aheadMs` ahead of the real one. */
export function startSender(
  file: string,
  folder: DataFolder,
  aheadMs: number,
  args: readonly string[],
): Sender {
  const clock = path.join(folder.root, '..', 'clock');
  writeFileSync(clock, String(aheadMs));
  const [moved, sender] = ['moved-clock.ts', file].map((name) => path.join(import.meta.dirname, name));
  const child = spawn(process.execPath, ['--import', moved!, sender!, folder.root, ...args], {
    env: { ...process.env, PINWALK_TEST_CLOCK: clock },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
  const ended = new Promise((resolve) => void child.once('close', (_code, signal) => resolve(signal)));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    printed: () => printed,
    kill: async () => {
      child.kill('SIGKILL');
      expect(await ended).toBe('SIGKILL');
      // What it had written to its socket arrives before the next step.
      await wait(5);
      return printed.split('\n').slice(0, -1);
    },
  };
}

interface Ending {
  readonly folder: DataFolder;
  readonly store: NotificationStore;
  readonly people: readonly string[];
  readonly notified: NotifiedPeople;
  readonly webhookUrl: string;
  /** What was durable before a kill, as `person window`. */
  readonly promised: ReadonlySet<string>;
  readonly kills: number;
}

/**
 * Sends what is left over some days, so that everything has an end, and expects of what is stored and of what came that nothing came twice, against the
 * rules or unknown to the sender, that nothing promised is missing, and that kills lost no more than they can. Returns what is stored.
 */
export async function expectWhole({ folder, store, people, notified, webhookUrl, promised, kills }: Ending): Promise<Notification[]> {
  const { faults, taken } = notified;
  const senders = webhookSenders(folder, webhookUrl);
  const now = (): number => notified.now();
  for (let step = 0; step < 12; step++) {
    notified.aheadMs += 5 * hourMs;
    await deliverDue({ outbox: storeOutbox(store), senders, linkSecret: () => undefined, record: async () => {}, now });
  }
  const stored = people.flatMap((user) => readPerson(folder, user)!.notifications);
  store.close();
  const outcomes: Record<string, number> = {};
  const missing = new Set(promised);
  for (const { user, window, state, suppressedBy, failure } of stored) {
    const what = `${user} ${window}`;
    const reason = suppressedBy ?? failure?.split(':')[0];
    const outcome = [state, reason].filter((part) => part !== undefined).join(' ');
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (state === 'sent' && !taken.has(what)) faults.push(`${what} is sent, and never came`);
    if (state === 'cancelled' && taken.has(what)) faults.push(`${what} is cancelled (${reason}), and came`);
    missing.delete(what);
  }
  process.stderr.write(`${kills} kills: ${taken.size} came, ${JSON.stringify(outcomes)}\n`);
  expect(faults).toEqual([]);
  expect([...missing]).toEqual([]);
  expect(outcomes['dead lost'] ?? 0).toBeLessThanOrEqual(kills * atOnce);
  const waiting = stored.filter(({ state }) => ['pending', 'held', 'claimed'].includes(state));
  expect(waiting.filter(({ expires }) => expires < now())).toEqual([]);
  return stored;
} // prettier-ignore
