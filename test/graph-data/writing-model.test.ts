import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openDatabase, readChanges } from '../../graph-data/database/index.ts';
import { type Change, type WriteRequest, SaveWriter, readPosition } from '../../graph-data/index.ts';
import { assertTextIndexIsRight, temporaryDataFolder } from '../data-folders.ts';
import { PlainGraph, PlainSaves, storedGraph, storedSaves } from './plain-saves.ts';
import { time } from './writers.ts';

const key = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', 'é😀');
const anyChange: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record(
      {
        kind: fc.constant('save' as const),
        user: key,
        board: key,
        pin: key,
        savedAt: fc.nat(1_000),
        weight: fc.constantFrom(0.5, 2),
      },
      { requiredKeys: ['kind', 'user', 'pin'] },
    ),
  },
  {
    weight: 3,
    arbitrary: fc.record(
      { kind: fc.constant('unsave' as const), user: key, board: key, pin: key },
      { requiredKeys: ['kind', 'user', 'pin'] },
    ),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('removePin' as const), key }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      nodeKind: fc.constant('pins' as const),
      key,
      title: key,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record(
      {
        kind: fc.constant('put' as const),
        nodeKind: fc.constant('boards' as const),
        key,
        owner: key,
        title: key,
      },
      { requiredKeys: ['kind', 'nodeKind', 'key'] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('put' as const), nodeKind: fc.constant('users' as const), key }),
  },
);
const anyRequest: fc.Arbitrary<WriteRequest> = fc.record({
  changes: fc.array(anyChange, { minLength: 1, maxLength: 5 }),
  time: fc.constant(time),
  isWhole: fc.boolean(),
});

test('SaveWriter agrees with a plain model, and its change log brings a graph up to date from any position', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(anyRequest, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
      fc.nat(),
      (commits, which) => {
        const folder = temporaryDataFolder();
        const database = openDatabase(folder);
        const writer = new SaveWriter(database, folder);
        try {
          const model = new PlainSaves();
          const live = new PlainGraph();
          const copies: { position: number; graph: PlainGraph }[] = [
            { position: 0, graph: new PlainGraph() },
          ];
          for (const requests of commits) {
            const before = readPosition(database);
            // Given up somewhere, as for a small request that waits, and then done again.
            let checks = 0;
            const given = writer.apply(requests, () => checks++ === which % 8);
            if (given === undefined) expect(readPosition(database)).toBe(before);
            const { outcomes, position } = given ?? writer.apply(requests);
            expect(outcomes).toEqual(requests.map((each) => model.do(each)));
            expect(position).toBe(readPosition(database));
            expect(readChanges(database, before, (kind, a, b) => live.take(kind, a, b))).toBe(position);
            copies.push({ position, graph: live.copy() });
          }
          expect(storedSaves(database)).toEqual(model.saves());
          expect(live.content()).toEqual(storedGraph(database));
          expect(database.pragma('foreign_key_check')).toEqual([]);
          const { position, graph } = copies[which % copies.length]!;
          const reached = readChanges(database, position, (kind, a, b) => graph.take(kind, a, b));
          expect(reached).toBe(readPosition(database));
          expect(graph.content()).toEqual(storedGraph(database));
        } finally {
          writer.close();
        }
        assertTextIndexIsRight(folder);
      },
    ),
    { numRuns: 60 },
  );
});
