import type { TestServer } from '../../api/server.ts';
import { type Examples, otherBody } from './example.ts';

async function someInterest(server: TestServer): Promise<string> {
  const { body } = await server.get('/v1/interests');
  // A server without a graph lists none.
  return body.interests?.[0].id ?? 'aaaaaaaa';
}

export const interests: Examples = {
  listInterests: [
    { query: { limit: 1, depth: 1, hidden: true, pins: 0 } },
    { query: { parent: 'aaaaaaaa' }, problem: 'unknown-interest' },
  ],
  getInterest: [
    async (server) => ({ params: { interest: await someInterest(server) }, query: { pins: 2 } }),
    { params: { interest: 'aaaaaaaa' }, problem: 'unknown-interest' },
  ],
  putInterest: [
    async (server) => ({ params: { interest: await someInterest(server) }, body: { name: 'Baking' } }),
    { params: { interest: 'aaaaaaaa' }, body: {}, problem: 'unknown-interest' },
  ],
  listUserInterests: [
    { params: { user: 'bread-fan-1' }, query: { limit: 3, tags: 5 } },
    { params: { user: 'nobody' }, problem: 'unknown-user' },
  ],
  putUserInterest: [
    async (server) => ({
      params: { user: 'ann', interest: await someInterest(server) },
      body: { hidden: true },
    }),
    { params: { user: 'nobody', interest: 'aaaaaaaa' }, body: { hidden: true }, problem: 'unknown-user' },
    { params: { user: 'ann', interest: 'aaaaaaaa' }, body: { hidden: true }, problem: 'unknown-interest' },
    async (server) => {
      const interest = await someInterest(server);
      const path = `/v1/users/ann/interests/${interest}`;
      const example = { params: { user: 'ann', interest }, body: { hidden: true } };
      const made = otherBody(example, 'put', path, { hidden: false });
      return typeof made === 'function' ? made(server) : made;
    },
  ],
};
