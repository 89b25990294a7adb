import type { TestServer } from '../../api/server.ts';
import type { Example, Examples } from './example.ts';

const arms = [
  { name: 'a', share: 1 },
  { name: 'b', share: 2, algorithm: 'related', params: { specificity: 0.8 } },
];

/** An experiment on a surface of its own. */
function experiment(id: string) {
  return { params: { id }, body: { surface: id, arms } };
}

/** The path of an experiment that is stored. */
async function stored(server: TestServer, id: string): Promise<Example> {
  const { params, body } = experiment(id);
  await server.get(`/v1/experiments/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { params };
}

/** Experiments, and what they and others are compared by. */
export const experiments: Examples = {
  listExperiments: [{}],
  putExperiment: [
    experiment('ab'),
    {
      params: { id: 'of-boards' },
      body: { surface: 'other', users: { country: 'de' }, arms, holdout: 0.1, end: '2099-01-01' },
    },
    async (server) => {
      await stored(server, 'first');
      return { ...experiment('second'), body: { ...experiment('first').body }, problem: 'conflict' };
    },
  ],
  getExperiment: [
    async (server) => stored(server, 'ab'),
    { params: { id: 'nothing' }, problem: 'unknown-experiment' },
  ],
  reportExperiment: [
    async (server) => stored(server, 'ab'),
    { params: { id: 'nothing' }, problem: 'unknown-experiment' },
  ],
  removeExperiment: [async (server) => stored(server, 'gone'), { params: { id: 'nothing' } }],
  promoteArm: [
    async (server) => ({ ...(await stored(server, 'won')), body: { arm: 'b', preset: 'winner' } }),
    { params: { id: 'nothing' }, body: { arm: 'b', preset: 'winner' }, problem: 'unknown-experiment' },
  ],
  reportEngagement: [
    { query: { from: '2026-05-01', to: '2026-05-31', by: 'rank', windowHours: 48, dedupe: 'none' } },
    { query: { from: '2026-05-02', to: '2026-05-01' }, problem: 'invalid-request' },
  ],
};
