import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Jobs } from '../../api/runtime/jobs/jobs.ts';
import { type Job } from '../../api/index.ts';
import { activeVersion, importRows, listSnapshots, syntheticRows } from '../../graph-data/index.ts';
import { importSaves } from '../data-folders.ts';
import { importFirst, buildUnlike } from '../unlike.ts';
import { type Answer, serveForSuite } from './server.ts';

/** Rows with boards and users that no other graph has. */
function* moreRows(options: Parameters<typeof syntheticRows>[0]) {
  for (const batch of syntheticRows(options)) {
    yield batch.map((row) => Object.assign(row, { user: `more-${row.user}`, board: `more-${row.board}` }));
  }
}

describe('builds by REST', () => {
  const server = serveForSuite(importFirst);
  const jobOf = async (id: string): Promise<Job> => (await server.get(`/v1/jobs/${id}`)).body;
  const ended = async (answer: Answer): Promise<Job> => {
    expect(answer.status).toBe(202);
    const { id } = answer.body;
    expect(answer.headers.get('location')).toBe(`/v1/jobs/${id}`);
    await expect.poll(async () => (await jobOf(id)).state).not.toBe('running');
    return jobOf(id);
  };
  const cancel = (id: string): Promise<Answer> => server.get(`/v1/jobs/${id}`, { method: 'DELETE' });
  const versions = (): string[] => listSnapshots(server.folder).map(({ version }) => version);
  let first = '';
  beforeAll(() => (first = server.graphs.version!));

  test('a build without a request body is served once it is done', async () => {
    await importSaves(server.folder, ['ann extra pin-1', 'ann extra newcomer']);
    expect((await server.get('/v1/pins/newcomer/related')).status).toBe(404);
    const begun = await server.get('/v1/snapshots', { method: 'POST' });
    expect(begun.body).toMatchObject({ kind: 'build', state: 'running', endedAt: null, result: null });
    const job = await ended(begun);
    expect(job).toMatchObject({ state: 'done', phase: 'activating', problem: null });
    expect(Date.parse(job.endedAt!)).toBeGreaterThanOrEqual(Date.parse(job.startedAt));
    expect(job.result).toMatchObject({ saves: 25_002, swap: { previous: first } });
    expect((await server.get('/v1/pins/newcomer/related')).body.graphVersion).toBe(job.result!['version']);
    expect(activeVersion(server.folder)).toBe(job.result!['version']);
  });

  test('a build without activation leaves the served snapshot unchanged; an ended job cannot be cancelled', async () => {
    const served = server.graphs.version;
    await importSaves(server.folder, ['ann extra pin-2']);
    const job = await ended(await server.post('/v1/snapshots', { activate: false }));
    expect(job).toMatchObject({ state: 'done', result: { saves: 25_003, swap: null } });
    expect(versions()).toContain(job.result!['version']);
    expect([server.graphs.version, activeVersion(server.folder)]).toEqual([served, served]);
    expect((await cancel(job.id)).body).toMatchObject({ status: 409, code: 'conflict' });
    expect((await cancel('nothing')).body).toMatchObject({ status: 404, code: 'unknown-job' });
  });

  test('a build of a very different graph fails and is kept; forced, it is served', async () => {
    await buildUnlike(server.folder);
    const served = server.graphs.version;
    const refused = await ended(await server.post('/v1/snapshots', {}));
    expect(refused).toMatchObject({ state: 'failed', problem: { code: 'conflict' }, result: null });
    expect(refused.problem!.detail).toMatch(/overlap.*force/);
    expect(server.graphs.version).toBe(served);
    const forced = await ended(await server.post('/v1/snapshots', { force: true }));
    expect(forced.state).toBe('done');
    expect(server.graphs.version).toBe(forced.result!['version']);
  });

  test('a cancelled build leaves no file and the server unchanged; while it runs, no other job starts', async () => {
    const sizes = { pins: 20_000, boards: 30_000, saves: 400_000, randomSeed: 9 };
    await importRows(server.folder, [{ name: 'more', rows: moreRows(sizes) }]);
    const [served, before] = [server.graphs.version!, readdirSync(server.folder.snapshots).toSorted()];
    const begun = await server.post('/v1/snapshots', { force: true });
    const { id } = begun.body;
    await expect.poll(async () => (await jobOf(id)).phase, { interval: 10 }).not.toBeNull();
    expect((await jobOf(id)).total).toBeGreaterThan(400_000);
    expect((await server.post('/v1/snapshots', {})).body).toMatchObject({ code: 'conflict' });
    const activation = await server.post(`/v1/snapshots/${first}/activate`, {});
    expect(activation.body).toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining(id) as unknown,
    });
    // As if its thread had been terminated in the middle of the file.
    writeFileSync(path.join(server.folder.snapshots, `half.snapshot.${process.pid}.partial`), 'half');
    expect(await cancel(id)).toMatchObject({ status: 202, body: { id, state: 'running' } });
    expect(await ended(begun)).toMatchObject({ state: 'cancelled', result: null, problem: null });
    expect(readdirSync(server.folder.snapshots).toSorted()).toEqual(before);
    expect(server.graphs.version).toBe(served);
    expect((await server.get('/v1/jobs')).body.jobs[0]).toMatchObject({ id, state: 'cancelled' });
  });
});

describe('from nothing', () => {
  const server = serveForSuite(async (folder) => importSaves(folder, ['u b p1', 'u b p2']), {
    isBuilt: false,
  });

  test('a server without a snapshot gets its graph through REST', async () => {
    expect(await server.graphs.start()).toBeUndefined();
    expect(server.faults).toEqual([]);
    expect(server.graphs.state).toBe('empty');
    const refused = await server.get('/v1/pins/p1/related');
    expect(refused).toMatchObject({ status: 503, body: { code: 'graph-not-ready' } });
    expect(refused.body.detail).toContain('POST /v1/snapshots');
    expect(refused.headers.get('retry-after')).toBe('1');
    await server.post('/v1/snapshots', {});
    await expect.poll(() => server.graphs.state).toBe('ready');
    expect((await server.get('/v1/pins/p1/related')).body.items).toMatchObject([{ pin: 'p2' }]);
  });
});

describe('jobs', () => {
  const make = () => {
    const faults: unknown[] = [];
    let [ids, time] = [0, 0];
    const options = { newId: () => `${++ids}`, date: () => new Date(++time * 1_000) };
    return { faults, jobs: new Jobs({ ...options, onFault: (fault) => faults.push(fault) }) };
  };
  const done = async () => ({});

  test('the job list has the last 100 jobs and all that are running', async () => {
    const { jobs } = make();
    const endless = jobs.start('endless', (_tell, signal) => {
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error())));
    });
    for (let i = 0; i < 120; i++) {
      jobs.start(`kind ${i}`, done);
      await new Promise(setImmediate);
    }
    expect(jobs.list()).toHaveLength(100);
    expect(jobs.list()[0]!.kind).toBe('kind 119');
    expect(jobs.find(endless.id).state).toBe('running');
    expect(() => jobs.find('2')).toThrow(expect.objectContaining({ code: 'unknown-job' }));
    await jobs.close();
    expect(jobs.find(endless.id).state).toBe('cancelled');
  });

  test('a job that has just been cancelled can be read, however long ago it started', async () => {
    const { jobs } = make();
    const stopped = (signal: AbortSignal): Promise<never> =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error())));
    const first = jobs.start('first', (_report, signal) => stopped(signal));
    for (let i = 0; i < 120; i++) {
      jobs.start(`kind ${i}`, done);
      await new Promise(setImmediate);
    }
    jobs.cancel(first.id);
    await new Promise(setImmediate);
    for (let i = 0; i < 50; i++) {
      jobs.start(`more ${i}`, done);
      await new Promise(setImmediate);
    }
    expect(jobs.find(first.id).state).toBe('cancelled');
    expect(jobs.list()).toHaveLength(100);
  });

  test('jobs report their progress, and hide unexpected errors', async () => {
    const { faults, jobs } = make();
    const { id } = jobs.start('odd', async (onProgress) => {
      onProgress({ phase: 'thinking', done: 1, total: 2 });
      throw new TypeError('a secret');
    });
    expect(jobs.find(id)).toMatchObject({ state: 'running', startedAt: '1970-01-01T00:00:01.000Z' });
    await new Promise(setImmediate);
    expect(jobs.find(id)).toEqual({
      id,
      kind: 'odd',
      state: 'failed',
      phase: 'thinking',
      done: 1,
      total: 2,
      startedAt: '1970-01-01T00:00:01.000Z',
      endedAt: '1970-01-01T00:00:02.000Z',
      result: null,
      problem: { code: 'internal', detail: 'see the log' },
    });
    expect(faults).toEqual([expect.any(TypeError)]);
  });
});
