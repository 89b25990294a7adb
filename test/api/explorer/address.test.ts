import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Address,
  bodyOf,
  noSettings,
  readAddress,
  writeAddress,
} from '../../../api/explorer/page/address/index.ts';

const kind = fc.constantFrom('pin' as const, 'board' as const, 'user' as const);
const key = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }).filter((text) => text.isWellFormed());
const node = fc.record({ kind, key });
const amount = fc.double({ min: 0.001, max: 1e6, noNaN: true });
const filter = fc.dictionary(key, fc.oneof(fc.string(), fc.integer(), fc.record({ lt: fc.integer() })), {
  minKeys: 1,
  noNullPrototype: true,
});
const settings = fc
  .record(
    {
      algorithm: fc.constantFrom('pixie', 'paths', 'feed'),
      target: fc.constantFrom('pins', 'boards', 'users'),
      limit: fc.integer({ min: 1, max: 1000 }),
      diversity: fc.double({ min: 0, max: 1, noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
      randomSeed: fc.nat(),
      backfill: fc.boolean(),
      windowDays: fc.nat(),
      filter,
    },
    { requiredKeys: [] },
  )
  .chain((scalars) =>
    fc
      .record({
        params: fc.record(
          { steps: fc.nat(), boost: fc.boolean(), lastHop: fc.constantFrom('drawn', 'spread'), x: amount },
          { requiredKeys: [] },
        ),
        without: fc.array(key, { maxLength: 3 }),
        whyNot: fc.array(key, { maxLength: 3 }),
      })
      .map((lists) => Object.assign(lists, scalars)),
  );
const composition = fc.record(
  {
    query: fc.array(fc.record({ kind, key, weight: amount }), { maxLength: 5 }),
    settings,
    other: settings,
  },
  { requiredKeys: ['query', 'settings'] },
);
const address: fc.Arbitrary<Address> = fc.oneof(
  fc.constantFrom<Address>({ view: 'start' }, { view: 'operators' }),
  fc.record(
    {
      view: fc.constant('node' as const),
      node,
      trail: fc.array(node, { maxLength: 12 }),
      isTable: fc.constant(true),
    },
    { requiredKeys: ['view', 'node', 'trail'] },
  ),
  fc.record({ view: fc.constant('interests' as const), id: key, user: key }, { requiredKeys: ['view'] }),
  fc.record({
    view: fc.constant('search' as const),
    search: fc.record(
      { q: fc.oneof(fc.constant(''), key), expand: fc.constant(true), user: key, filter },
      { requiredKeys: ['q'] },
    ),
  }),
  fc.record(
    { view: fc.constant('compose' as const), composition, isTable: fc.constant(true) },
    { requiredKeys: ['view', 'composition'] },
  ),
  fc.record(
    {
      view: fc.constant('walk' as const),
      composition,
      drawing: fc.oneof(
        fc.record({ nodes: fc.integer({ min: 1, max: 5_000 }) }),
        fc.record({ lit: key }),
        fc.record({ nodes: fc.integer({ min: 1, max: 5_000 }), lit: key }),
      ),
    },
    { requiredKeys: ['view', 'composition'] },
  ),
);

test('the URL holds every state of the page, for any keys', () => {
  fc.assert(
    fc.property(address, (state) => {
      const url = new URL(writeAddress(state), 'http://localhost');
      expect(url.pathname).toBe('/');
      expect(readAddress(url.search)).toEqual(state);
    }),
  );
});

test('a URL is readable', () => {
  const query = [
    { kind: 'pin', key: 'express', weight: 2 },
    { kind: 'user', key: 'ann', weight: 1 },
  ] as const;
  const written = writeAddress({
    view: 'compose',
    composition: {
      query,
      settings: { ...noSettings, diversity: 0.3, params: { steps: 20_000 } },
      other: noSettings,
    },
  });
  expect(written).toBe(
    '/?view=compose&pin=express&user=ann&weights=2%2C1&diversity=0.3&steps=20000&compare=true',
  );
});

test('invalid parts of a URL are ignored', () => {
  expect(readAddress('?bogus=1')).toEqual({ view: 'start' });
  expect(readAddress('?pin=')).toEqual({ view: 'start' });
  expect(readAddress('?view=interests&id=&user=')).toEqual({ view: 'interests' });
  expect(readAddress('?view=search&filter=[1]')).toEqual({ view: 'search', search: { q: '' } });
  expect(readAddress('?view=compose&pin=a&pin=b&weights=x,-1&limit=many&filter={')).toEqual({
    view: 'compose',
    composition: {
      query: [
        { kind: 'pin', key: 'a', weight: 1 },
        { kind: 'pin', key: 'b', weight: 1 },
      ],
      settings: noSettings,
    },
  });
});

test('a trail keeps its last steps', () => {
  const trail = Array.from({ length: 30 }, (_, i) => ({ kind: 'pin' as const, key: String(i) }));
  const written = writeAddress({ view: 'node', node: { kind: 'pin', key: 'x' }, trail });
  expect(readAddress(written.slice(1))).toMatchObject({ trail: trail.slice(-12) });
});

test('a request contains the changed settings and nothing else', () => {
  const query = [{ kind: 'board', key: 'b', weight: 1 }] as const;
  expect(bodyOf(query, noSettings)).toEqual({ query: [{ board: 'b' }] });
  const lists = { without: ['p'], whyNot: ['q'] };
  const set = { target: undefined, limit: 5, params: { z: 0 }, ...lists, filter: { a: 1 } };
  expect(bodyOf([{ ...query[0], weight: 3 }], set)).toEqual({
    query: [{ board: 'b', weight: 3 }],
    limit: 5,
    params: { z: 0 },
    exclude: { pins: ['p'] },
    whyNot: ['q'],
    filter: { a: 1 },
  });
});
