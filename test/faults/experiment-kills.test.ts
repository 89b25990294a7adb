import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, expect, test } from 'vitest';
import { nextBelow, nextUnit, randomStream } from '../../engine/index.ts';
import {
  type DataFolder,
  activateSnapshot,
  buildSnapshot,
  openDataFolder,
  readExperiments,
  readPresets,
} from '../../graph-data/index.ts';
import { importSaves, temporaryFolder } from '../data-folders.ts';
import { type RealServer, killServer, request, startServer } from './real-server.ts';

/** `npm run faults` kills a hundred times. */
const kills = Number(process.env['PINWALK_KILLS'] ?? 2);
const random = randomStream(Number(process.env['PINWALK_SEED'] ?? 29));
const folder = temporaryFolder(afterAll);
let server: RealServer | undefined;
afterEach(async () => killServer(server));

/** What a client knows of its experiment: absent, or its version, and whether its arm was promoted. */
type State = 'absent' | `${number}` | `${number} promoted`;

/** Puts, promotes and deletes an experiment of its own, until the server is gone. */
class Client {
  readonly id: string;
  known: State = 'absent';
  /** What the file may have if the last request was cut off. */
  pending: State = 'absent';
  acknowledged = 0;
  #version = 0;

  constructor(id: string) {
    this.id = id;
  }

  async changeUntilCut(url: string): Promise<void> {
    for (;;) {
      try {
        await this.#change(`${url}/v1/experiments/${this.id}`);
      } catch (error) {
        if (error instanceof TypeError || error instanceof SyntaxError) return;
        throw error;
      }
      this.known = this.pending;
      this.acknowledged++;
    }
  }

  async #change(url: string): Promise<void> {
    const draw = nextUnit(random);
    if (this.known === 'absent' || draw < 0.6) {
      this.pending = `${++this.#version}`;
      const arms = [
        { name: 'a', share: 1 },
        { name: 'b', share: 1, algorithm: 'related' },
      ];
      const body = { surface: this.id, arms, metric: 'click', plannedUsers: 1_000 + this.#version };
      await send('PUT', url, { ...body, restart: true });
    } else if (draw < 0.8) {
      this.pending = `${this.#version} promoted`;
      await send('POST', `${url}/promotion`, { arm: 'b', preset: `kept-${this.id}-${this.#version}` });
    } else {
      this.pending = 'absent';
      await send('DELETE', url);
    }
  }
}

async function send(method: string, url: string, body?: unknown): Promise<void> {
  const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(url, { method, ...(body !== undefined && json) });
  const text = await response.text();
  expect([response.status, text]).toEqual([200, expect.stringMatching(/^\{.*\}$/s)]);
}

/** The state of each experiment in the file, which must be as pinwalk wrote it. */
function storedStates(data: DataFolder): ReadonlyMap<string, State> {
  const read = readExperiments(data, (warning) => {
    throw warning;
  });
  const presets = readPresets(data);
  const states = new Map<string, State>();
  for (const [id, { plannedUsers, promoted }] of read) {
    const version: State = `${plannedUsers - 1_000}`;
    states.set(id, promoted === undefined ? version : `${version} promoted`);
    if (promoted !== undefined) expect([...presets.keys()]).toContain(promoted.preset);
  }
  return states;
}

test(
  `${kills} kills of a server leave experiments.json whole, with every acknowledged change`,
  { timeout: 1_200_000 + 120_000 * kills },
  async () => {
    const data = openDataFolder(path.join(folder, 'data'));
    await importSaves(data, ['ann pasta basil', 'ben salad basil']);
    activateSnapshot(data, (await buildSnapshot(data, () => 0)).version);
    const clients = Array.from({ length: 4 }, (_, i) => new Client(`e${i}`));
    const count = (): number => clients.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
    for (let kill = 0; kill < kills; kill++) {
      server = await startServer(data.root);
      const { url, child, ended } = server;
      const { body } = await request(`${url}/v1/experiments`);
      const served = (body as { experiments: { id: string }[] }).experiments.map(({ id }) => id);
      expect(served).toEqual([...storedStates(data).keys()].toSorted());
      const before = count();
      const changing = clients.map(async (client) => client.changeUntilCut(url));
      await expect.poll(count, { interval: 5 }).toBeGreaterThan(before + 20);
      await wait(nextBelow(random, 200));
      child.kill('SIGKILL');
      expect((await ended).signal).toBe('SIGKILL');
      await Promise.all(changing);
      const states = storedStates(data);
      for (const client of clients) {
        const state = states.get(client.id) ?? 'absent';
        expect([client.known, client.pending]).toContain(state);
        client.known = state;
      }
    }
  },
);
