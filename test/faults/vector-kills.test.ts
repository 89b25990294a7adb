import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, expect, test } from 'vitest';
import { contentBuildParams, nextBelow, nextUnit, randomStream, resolveParams } from '../../engine/index.ts';
import { pinVectorReader } from '../../graph-data/content/index.ts';
import {
  type DataFolder,
  activateSnapshot,
  buildSnapshot,
  openDataFolder,
  openDatabaseReadOnly,
} from '../../graph-data/index.ts';
import { putPin, write } from '../content-folder.ts';
import { importSaves, temporaryFolder } from '../data-folders.ts';
import { type RealServer, killServer, request, startServer } from './real-server.ts';

/** `npm run faults` kills a hundred times. */
const kills = Number(process.env['PINWALK_KILLS'] ?? 2);
const random = randomStream(Number(process.env['PINWALK_SEED'] ?? 24));
const folder = temporaryFolder(afterAll);
let server: RealServer | undefined;
afterEach(async () => killServer(server));

const dims = 8;
const pinsOfClient = 20;
/** Saved pins of a direction, which new ones are to be found near. */
const savedOf = 4;

/** Along one axis, so that what is nearest is known. Values of int8 tell any two apart. */
function vectorOf(axis: number, size: number): number[] {
  return Array.from({ length: dims }, (_, i) => (i === axis ? 127 : i === (axis + 1) % dims ? size : 0));
}

interface Put {
  readonly pin: string;
  /** Null removes the vector. */
  readonly values: readonly number[] | null;
}

/** A client that puts vectors of its own pins, one after another, until the server is gone. */
class Client {
  /** The last acknowledged vector of each pin. */
  readonly owed = new Map<string, Put['values']>();
  /** What was sent last, and not acknowledged. */
  pending: Put | undefined;
  count = 0;
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  async putUntilCut(url: string): Promise<void> {
    for (;;) {
      const isRemoval = nextUnit(random) < 0.1;
      this.pending = {
        pin: `${this.#name}-${nextBelow(random, pinsOfClient)}`,
        values: isRemoval ? null : vectorOf(nextBelow(random, dims), nextBelow(random, 60)),
      };
      const { pin, values } = this.pending;
      const image = values === null ? null : { model: 'made', values };
      try {
        const response = await fetch(`${url}/v1/pins/${pin}`, {
          method: 'PUT',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ vectors: { image } }),
        });
        expect(response.status).toBe(200);
        await response.arrayBuffer();
      } catch (error) {
        if (error instanceof TypeError) return;
        throw error;
      }
      this.owed.set(pin, values);
      this.pending = undefined;
      this.count++;
    }
  }

  /** Whether the stored vectors are those acknowledged; what was cut is there whole, or not at all. */
  settle(storedOf: (pin: string) => readonly number[] | null): void {
    const { pending } = this;
    for (const [pin, values] of this.owed) {
      const stored = storedOf(pin);
      if (pending?.pin === pin && same(stored, pending.values)) this.owed.set(pin, pending.values);
      else expect({ pin, stored }).toEqual({ pin, stored: values });
    }
    if (pending !== undefined && !this.owed.has(pending.pin)) {
      const stored = storedOf(pending.pin);
      if (stored !== null) expect(stored).toEqual(pending.values);
      this.owed.set(pending.pin, stored);
    }
    this.pending = undefined;
  }
}

function same(one: Put['values'], other: Put['values']): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

test(
  `${kills} kills of a server lose no acknowledged vector, and what was put is near its like after a restart`,
  { timeout: 1_200_000 + 60_000 * kills },
  async () => {
    const data = openDataFolder(path.join(folder, 'data'));
    await fill(data);
    const clients = Array.from({ length: 6 }, (_, i) => new Client(`new${i}`));
    const count = (): number => clients.reduce((sum, each) => sum + each.count, 0);
    for (let kill = 0; kill < kills; kill++) {
      server = await startServer(data.root);
      const { url, child, ended } = server;
      if (kill > 0) await assertNear(url, clients[kill % clients.length]!);
      const before = count();
      const putting = clients.map(async (client) => client.putUntilCut(url));
      await expect.poll(count, { interval: 5 }).toBeGreaterThan(before + 50);
      await wait(300 * nextUnit(random));
      child.kill('SIGKILL');
      expect((await ended).signal).toBe('SIGKILL');
      await Promise.all(putting);
      const database = openDatabaseReadOnly(data)!;
      const vectorsOf = pinVectorReader(database);
      const idOf = database.prepare<[string], number>('SELECT id FROM pins WHERE key = ?').pluck();
      for (const client of clients) {
        client.settle((pin) => {
          const id = idOf.get(pin);
          const vector = id === undefined ? undefined : vectorsOf(id).get('image');
          return vector === undefined ? null : Array.from(vector);
        });
      }
      database.close();
    }
    server = await startServer(data.root);
    for (const client of clients) await assertNear(server.url, client);
  },
);

/** Saved pins along each axis, on boards of their own, in a snapshot with content. */
async function fill(data: DataFolder): Promise<void> {
  const axes = Array.from({ length: dims }, (_, axis) => axis);
  const pins = axes.flatMap((axis) =>
    Array.from({ length: savedOf }, (_, i) => ({ axis, pin: `axis${axis}-${i}` })),
  );
  await importSaves(
    data,
    pins.map(({ axis, pin }) => `ann board${axis} ${pin}`),
  );
  write(
    data,
    pins.map(({ axis, pin }) =>
      putPin(pin, { vectors: { image: { model: 'made', values: vectorOf(axis, 0) } } }),
    ),
  );
  const content = resolveParams(contentBuildParams, {});
  activateSnapshot(data, (await buildSnapshot(data, () => 0, { content })).version);
}

/** A pin of the client is related to the saved pins along its axis, as soon as the server has caught up. */
async function assertNear(url: string, { owed }: Client): Promise<void> {
  const [pin, values] = [...owed].find(([, each]) => each !== null)!;
  const axis = values!.indexOf(127);
  const nearest = async (): Promise<string[]> => {
    const { body } = await request(`${url}/v1/pins/${pin}/related?limit=20`);
    return (body.items as { pin: string }[]).map((item) => item.pin.replace(/-\d+$/, ''));
  };
  await expect.poll(nearest).toContain(`axis${axis}`);
}
