import { storedCampaign } from './campaigns.ts';
import type { Examples } from './example.ts';

/** Recommendations, search, and what is stored about nodes. */
export const reading: Examples = {
  relatedPins: [
    { params: { pin: 'basil' } },
    {
      params: { pin: 'basil' },
      query: { limit: 1, explain: true, fields: 'title,price', algorithm: 'pixie' },
    },
    { params: { pin: 'basil' }, query: { model: 'nothing' }, problem: 'unknown-model' },
    { params: { pin: 'nothing' }, problem: 'unknown-pin' },
  ],
  boardIdeas: [
    { params: { board: 'salad' } },
    { params: { board: 'salad' }, query: { model: 'nothing' }, problem: 'unknown-model' },
    { params: { board: 'nothing' }, problem: 'unknown-board' },
  ],
  userFeed: [
    { params: { user: 'ben' } },
    { params: { user: 'newcomer' } },
    { params: { user: 'ben' }, query: { model: 'nothing' }, problem: 'unknown-model' },
    { params: { user: 'nobody' }, problem: 'unknown-user' },
  ],
  userBoards: [
    { params: { user: 'ben' }, query: { explain: true } },
    { params: { user: 'nobody' }, problem: 'unknown-user' },
  ],
  popular: [{}, { query: { target: 'users', limit: 1, fields: 'title' } }],
  recommend: [
    { body: { query: [{ pin: 'basil', weight: 2 }, { user: 'ben' }, { pin: 'nothing' }], explain: true } },
    { body: { query: [{ pin: 'basil' }], target: 'users', filter: { title: { exists: false } } } },
    { body: { query: [{ pin: 'basil' }], record: { user: 'ben', surface: 'home', arm: 'b' } } },
    async (server) => {
      await storedCampaign(server, 'ads');
      return {
        body: {
          query: [{ pin: 'basil' }],
          limit: 1,
          viewer: 'eve',
          promoted: { slots: [1, 2], surface: 'home' },
          fields: ['title'],
        },
      };
    },
    { body: { query: [{ pin: 'basil' }], filter: { price: {} } }, problem: 'invalid-filter' },
    { body: { query: [{ pin: 'basil' }], model: 'nothing' }, problem: 'unknown-model' },
    { body: { query: [{ pin: 'nothing' }] }, problem: 'unknown-pin' },
    { body: { query: [{ board: 'nothing' }] }, problem: 'unknown-board' },
    { body: { query: [{ user: 'nobody' }] }, problem: 'unknown-user' },
  ],
  recommendBatch: [
    {
      body: {
        requests: [{ query: [{ pin: 'basil' }] }, { query: [{ pin: 'nothing' }] }],
        distinct: true,
      },
    },
    { body: { requests: [{ query: [{ pin: 'basil' }], filter: { price: {} } }] }, problem: 'invalid-filter' },
  ],
  recommendNext: [
    async (server) => {
      const first = await server.post('/v1/recommendations', { query: [{ pin: 'basil' }], limit: 1 });
      return { params: { id: String(first.body.recommendationId) }, query: { limit: 1 } };
    },
    { params: { id: 'nothing' }, problem: 'unknown-recommendation' },
  ],
  diagnoseWalk: [
    { body: { query: [{ pin: 'basil', weight: 2 }, { user: 'ben' }, { pin: 'nothing' }] } },
    { body: { query: [{ pin: 'basil' }], target: 'users' }, query: { nodes: 10 } },
    { body: { query: [{ user: 'newcomer' }] } },
    { body: { query: [{ pin: 'basil' }], algorithm: 'paths' }, problem: 'invalid-request' },
    { body: { query: [{ pin: 'basil' }], filter: { price: {} } }, problem: 'invalid-filter' },
    { body: { query: [{ pin: 'nothing' }] }, problem: 'unknown-pin' },
    { body: { query: [{ board: 'nothing' }] }, problem: 'unknown-board' },
    { body: { query: [{ user: 'nobody' }] }, problem: 'unknown-user' },
    { body: { query: [{ pin: 'basil' }], model: 'nothing' }, problem: 'unknown-model' },
  ],
  getPin: [{ params: { pin: 'tomato' } }, { params: { pin: 'nothing' }, problem: 'unknown-pin' }],
  getBoard: [{ params: { board: 'salad' } }, { params: { board: 'nothing' }, problem: 'unknown-board' }],
  getUser: [{ params: { user: 'newcomer' } }, { params: { user: 'nobody' }, problem: 'unknown-user' }],
  listPinSaves: [
    { params: { pin: 'basil' } },
    async (server) => {
      const first = await server.get('/v1/pins/basil/saves?limit=1');
      return { params: { pin: 'basil' }, query: { limit: 1, cursor: String(first.body.nextCursor) } };
    },
    { params: { pin: 'basil' }, query: { cursor: 'nothing' }, problem: 'invalid-request' },
    { params: { pin: 'nothing' }, problem: 'unknown-pin' },
  ],
  listBoardSaves: [
    { params: { board: 'salad' }, query: { limit: 1 } },
    { params: { board: 'nothing' }, problem: 'unknown-board' },
  ],
  listUserSaves: [
    { params: { user: 'ann' }, query: { limit: 1 } },
    { params: { user: 'nobody' }, problem: 'unknown-user' },
  ],
  search: [
    { query: { q: 'toma', expand: true } },
    { query: { q: 'toma', explain: true, suggest: 2, facets: 'title', collapse: 'title', limit: 1 } },
    { query: { q: 'sal', kind: 'boards' } },
    { query: { q: 'be', kind: 'users', limit: 1 } },
    { query: { q: 'be', user: 'nobody' }, problem: 'unknown-user' },
    { query: { q: 'be', filter: '{"nothing":1}' }, problem: 'invalid-filter' },
  ],
  getGraph: [{}],
};
