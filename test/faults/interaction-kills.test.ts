import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, expect, test } from 'vitest';
import { nextBelow, nextUnit, randomStream } from '../../engine/index.ts';
import {
  InteractionWriter,
  activateSnapshot,
  buildSnapshot,
  openDataFolder,
  readInteractions,
} from '../../graph-data/index.ts';
import { importSaves, temporaryFolder } from '../data-folders.ts';
import { type RealServer, killServer, startServer } from './real-server.ts';

/** `npm run faults` kills a hundred times. */
const kills = Number(process.env['PINWALK_KILLS'] ?? 3);
const random = randomStream(Number(process.env['PINWALK_SEED'] ?? 23));
const folder = temporaryFolder(afterAll);
let server: RealServer | undefined;
afterEach(async () => killServer(server));

/** A client that sends batches across two months, and again what was not acknowledged, until the server is gone. */
class Client {
  readonly acknowledged = new Set<string>();
  pending: { id: string; kind: string; user: string; pin: string; at: number }[] = [];
  readonly #name: string;
  #sent = 0;

  constructor(name: string) {
    this.#name = name;
  }

  async sendUntilCut(url: string): Promise<void> {
    for (;;) {
      if (this.pending.length === 0) {
        this.pending = Array.from({ length: 1 + nextBelow(random, 200) }, () => {
          const at = Date.UTC(2026, nextBelow(random, 2) + 8, 30) + this.#sent;
          return {
            id: `${this.#name}-${++this.#sent}`,
            kind: 'click',
            user: this.#name,
            pin: `p${at % 97}`,
            at,
          };
        });
      }
      const isStream = nextUnit(random) < 0.5;
      try {
        const response = await fetch(`${url}/v1/interactions`, {
          method: 'POST',
          headers: { 'content-type': isStream ? 'application/x-ndjson' : 'application/json' },
          body: isStream
            ? this.pending.map((row) => JSON.stringify(row)).join('\n')
            : JSON.stringify(this.pending),
        });
        expect(response.status).toBe(202);
        const { added, present } = (await response.json()) as { added: number; present: number };
        expect(added + present).toBe(this.pending.length);
      } catch (error) {
        if (error instanceof TypeError || error instanceof SyntaxError) return;
        throw error;
      }
      for (const { id } of this.pending) this.acknowledged.add(id);
      this.pending = [];
    }
  }
}

test(
  `${kills} kills of a server lose no acknowledged interaction, and store none twice`,
  { timeout: 1_200_000 + 120_000 * kills },
  async () => {
    const data = openDataFolder(path.join(folder, 'data'));
    await importSaves(data, ['ann pasta basil', 'ben salad basil']);
    activateSnapshot(data, (await buildSnapshot(data, () => 0)).version);
    const clients = Array.from({ length: 8 }, (_, i) => new Client(`c${i}`));
    for (let kill = 0; kill < kills; kill++) {
      server = await startServer(data.root);
      const { url, child, ended } = server;
      const before = clients.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0);
      const sending = clients.map((client) => client.sendUntilCut(url));
      const count = (): number => clients.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0);
      await expect.poll(count, { interval: 5 }).toBeGreaterThan(before + 500);
      await wait(500 * nextUnit(random));
      child.kill('SIGKILL');
      expect((await ended).signal).toBe('SIGKILL');
      await Promise.all(sending);
      const ids = [...readInteractions(data)].map(({ id }) => id!);
      const stored = new Set(ids);
      expect(stored.size).toBe(ids.length);
      for (const { acknowledged } of clients)
        expect([...acknowledged].filter((id) => !stored.has(id))).toEqual([]);
      const sent = clients.reduce(
        (sum, { acknowledged, pending }) => sum + acknowledged.size + pending.length,
        0,
      );
      expect(ids.length).toBeLessThanOrEqual(sent);
    }
    // What was cut is sent again, and stored once.
    const writer = new InteractionWriter(data, 1_000);
    for (const { pending } of clients) writer.apply([{ rows: pending, time: 0 }]);
    writer.close();
    const sent = clients.reduce(
      (sum, { acknowledged, pending }) => sum + acknowledged.size + pending.length,
      0,
    );
    expect([...readInteractions(data)]).toHaveLength(sent);
  },
);
