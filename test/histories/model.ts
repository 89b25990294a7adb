import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import { type GraphServer, createLog } from '../../api/index.ts';
import { type DataFolder, listSnapshots } from '../../graph-data/index.ts';
import { openServer } from '../api/server.ts';
import { PlainSaves } from '../graph-data/plain-saves.ts';
import { GivenIds } from './fresh-build.ts';

/** The expected state after a history. */
export class Expected {
  readonly plain: PlainSaves = new PlainSaves();
  isServed = false;
  /** The server polls for imports, and then builds: it may be late. */
  mayBeLate = false;
  steps = 0;
}

/** The actual state. */
export class Real {
  readonly folder: DataFolder;
  readonly given: GivenIds = new GivenIds();
  server: HistoryServer;

  constructor(folder: DataFolder, server: HistoryServer) {
    this.folder = folder;
    this.server = server;
  }

  async reopen(expected: Expected): Promise<void> {
    await this.server.close();
    expect(this.server.faults).toEqual([]);
    this.server = await startServer(this.folder);
    expected.isServed = listSnapshots(this.folder).length > 0;
  }

  async call(
    method: string,
    at: string,
    body?: object,
    // Commands read fields by name, and assert what they find.
    // eslint-disable-next-line typescript/no-explicit-any
  ): Promise<{ status: number; body: any }> {
    const headers = { 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { headers, body: JSON.stringify(body) };
    const response = await fetch(this.server.url + at, { method, ...sent });
    return { status: response.status, body: await response.json() };
  }

  /** Repeats a call that conflicts with a running job, such as a build that the server started by itself. */
  async begin(method: string, at: string, body?: object): ReturnType<Real['call']> {
    for (;;) {
      await this.ended();
      const answer = await this.call(method, at, body);
      if (answer.status !== 409) return answer;
    }
  }

  /** Resolves once a job is past its first phase. */
  async left(phase: string, id: string): Promise<void> {
    for (;;) {
      const { body } = await this.call('GET', `/v1/jobs/${id}`);
      if (body.state !== 'running' || ![null, phase].includes(body.phase)) return;
      await wait(2);
    }
  }

  /** Resolves once no job is running, with the job of that id. */
  // eslint-disable-next-line typescript/no-explicit-any
  async ended(id?: string): Promise<any> {
    for (;;) {
      const { jobs } = (await this.call('GET', '/v1/jobs')).body;
      const running = jobs.find((job: { state: string }) => job.state === 'running');
      if (running === undefined) return jobs.find((job: { id: string }) => job.id === id);
      await wait(5);
    }
  }
}

/** The real server over a data folder, in this process, so that its arrays can be inspected. */
export interface HistoryServer {
  readonly url: string;
  readonly graphs: GraphServer;
  /** Warnings and errors of the log: none, as nothing here is faulty, except that erasures are interrupted. */
  readonly faults: readonly string[];
  readonly close: () => Promise<void>;
}

/** Opens it as `pinwalk serve` does, and resolves once it serves the active snapshot, if there is one. */
export async function startServer(folder: DataFolder): Promise<HistoryServer> {
  const faults: string[] = [];
  const write = (line: string): void => {
    if (!line.includes('an erasure was interrupted')) faults.push(line);
  };
  // Snapshots are dropped as early as possible: changes go that older graphs would need.
  const settings = { queueMsMax: 60_000, swapOverlapMin: 0, snapshotsKept: 2, rateLimitPerMinute: 0 };
  const { url, service, close } = await openServer({ folder, settings, log: createLog('warn', { write }) });
  await service.start();
  return { url, graphs: service.graphs, faults, close };
}
