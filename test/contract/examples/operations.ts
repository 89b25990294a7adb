import { truncateSync } from 'node:fs';
import { type DataFolder, trainModel } from '../../../graph-data/index.ts';
import type { TestServer } from '../../api/server.ts';
import { clickLog, writeInteractions } from '../../click-log.ts';
import { type Examples, noJob } from './example.ts';

async function newJob(server: TestServer): Promise<string> {
  await noJob(server);
  return (await server.post('/v1/snapshots', { activate: false })).body.id as string;
}

async function someVersion(server: TestServer): Promise<string> {
  return (await server.get('/v1/snapshots')).body.snapshots[0].version as string;
}

function someModel(folder: DataFolder, randomSeed = 1): string {
  writeInteractions(folder, clickLog(100));
  const options = { label: 'click', learner: 'ftrl', windowHours: 24, zone: 'UTC' } as const;
  return trainModel(folder, { ...options, randomSeed, codeVersion: 'test' }).version;
}

/** Models, snapshots, jobs, and pages for operators and developers. */
export const operations: Examples = {
  metrics: [{}],
  listModels: [{}],
  activateModel: [
    async ({ folder }) => ({ params: { version: someModel(folder) } }),
    { params: { version: '0123456789abcdef' }, problem: 'unknown-model' },
    async ({ folder }) => {
      const version = someModel(folder, 2);
      truncateSync(`${folder.root}/models/${version}.model`, 200);
      return { params: { version }, problem: 'conflict' };
    },
  ],
  listSnapshots: [{}],
  buildSnapshot: [
    async (server) => {
      await noJob(server);
      return { body: { activate: false } };
    },
  ],
  activateSnapshot: [
    async (server) => {
      await noJob(server);
      return { params: { version: await someVersion(server) }, body: {} };
    },
    async (server) => {
      await noJob(server);
      return { params: { version: 'nothing' }, body: {}, problem: 'unknown-snapshot' };
    },
  ],
  listJobs: [{}],
  getJob: [
    async (server) => ({ params: { id: await newJob(server) } }),
    { params: { id: 'nothing' }, problem: 'unknown-job' },
  ],
  cancelJob: [
    async (server) => ({ params: { id: await newJob(server) } }),
    { params: { id: 'nothing' }, problem: 'unknown-job' },
    async (server) => {
      const id = await newJob(server);
      await noJob(server);
      return { params: { id }, problem: 'conflict' };
    },
  ],
  health: [{}],
  readiness: [{}],
  openapi: [{}],
  guide: [{}],
  docs: [{}],
  docsFile: [{ params: { file: 'docs.css' } }, { params: { file: 'nothing' }, problem: 'unknown-route' }],
};
