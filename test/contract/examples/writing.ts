import { type Examples, noJob, otherBody } from './example.ts';

/** Saves, interactions, attributes, and their log. */
export const writing: Examples = {
  addSaves: [
    { body: { user: 'dan', board: 'soup', pin: 'leek', savedAt: '2026-05-17T09:30:00+02:00', weight: 2 } },
    {
      body: [
        { user: 'dan', pin: 'leek' },
        { user: 'dan', board: 'soup', pin: 'leek' },
      ],
    },
    { body: { user: 'dan', board: 'pasta', pin: 'leek' }, problem: 'conflict' },
  ],
  removeSaves: [
    { body: { user: 'dan', board: 'soup', pin: 'leek' } },
    { body: [{ user: 'nobody', pin: 'leek' }] },
    otherBody({ body: { user: 'dan', pin: 'leek' } }, 'delete', '/v1/saves', { user: 'dan', pin: 'none' }),
  ],
  addInteractions: [
    {
      body: {
        id: 'c1',
        kind: 'click',
        user: 'dan',
        pin: 'leek',
        at: '2026-05-17T09:30:00Z',
        surface: 'feed',
      },
    },
    {
      body: [
        { kind: 'impression', user: 'dan', pin: 'gone', recommendationId: 'r1', rank: 1, propensity: 0.5 },
        { kind: 'unsubscribe', user: 'visitor' },
      ],
    },
  ],
  putPin: [
    { params: { pin: 'leek' }, body: { title: 'Leek', createdAt: 1_779_000_000, attributes: { price: 1 } } },
    otherBody({ params: { pin: 'leek' }, body: {} }, 'put', '/v1/pins/leek', { title: 'x' }),
  ],
  putBoard: [
    { params: { board: 'soup' }, body: { owner: 'dan', title: 'Soups' } },
    { params: { board: 'soup' }, body: { owner: 'ann' }, problem: 'conflict' },
    { params: { board: 'nobodys' }, body: {}, problem: 'conflict' },
  ],
  putUser: [
    { params: { user: 'dan' }, body: { attributes: { language: 'en' } } },
    otherBody({ params: { user: 'dan' }, body: {} }, 'put', '/v1/users/dan', { attributes: {} }),
  ],
  removePin: [
    { params: { pin: 'leek' } },
    { params: { pin: 'nothing' } },
    otherBody({ params: { pin: 'nothing' } }, 'delete', '/v1/pins/leek', undefined),
  ],
  exportUser: [{ params: { user: 'ann' } }, { params: { user: 'nobody' }, problem: 'unknown-user' }],
  eraseUser: [
    async (server) => {
      await noJob(server);
      await server.post('/v1/saves', { user: 'gone', pin: 'leek' });
      return { params: { user: 'gone' } };
    },
    async (server) => {
      await noJob(server);
      return { params: { user: 'nobody' }, problem: 'unknown-user' };
    },
  ],
  listChanges: [
    async (server) => {
      await noJob(server);
      const { headers } = await server.post('/v1/saves', { user: 'dan', pin: `leek ${Math.random()}` });
      return { query: { after: Number(headers.get('pinwalk-position')) - 1, limit: 10, waitMs: 1 } };
    },
    { query: { after: 0 }, problem: 'position-gone' },
  ],
};
