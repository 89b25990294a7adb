import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Piece, clients, finishAll, queueOf, settle, statesOf } from './queue-pieces.ts';

describe('turns of clients', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('a client with one task waits for one task of each other, however many these have', async () => {
    const queue = queueOf();
    const started: Piece[] = [];
    const many = Array.from({ length: 50 }, () => new Piece(queue, started, 'ann'));
    const one = new Piece(queue, started, 'ben');
    await settle();
    many[0]!.finish();
    await settle();
    expect(started).toEqual([many[0], one]);
    await finishAll([...many, one]);
    expect(started).toHaveLength(51);
  });

  test('clients get turns by the work of their tasks, not by their number', async () => {
    const queue = queueOf();
    const started: Piece[] = [];
    const first = new Piece(queue, started, 'ann', 10);
    const pieces = Array.from({ length: 20 }, (_, i) => {
      return i < 5 ? new Piece(queue, started, 'ann', 10) : new Piece(queue, started, 'ben', 1);
    });
    await finishAll([first, ...pieces]);
    const before = started.slice(0, started.indexOf(pieces[0]!));
    expect(before.filter(({ client }) => client === 'ben')).toHaveLength(10);
  });

  test('work of a task beyond its known units counts for the next turn', async () => {
    const queue = queueOf();
    const started: Piece[] = [];
    const pieces = ['ann', 'ann', 'ben', 'ben', 'ben'].map((client) => new Piece(queue, started, client));
    await settle();
    queue.correct('ann', 1.5);
    await finishAll(pieces);
    expect(started.map(({ client }) => client)).toEqual(['ann', 'ben', 'ben', 'ben', 'ann']);
  });

  test('a returning client has no credit from its pause', async () => {
    const queue = queueOf();
    const started: Piece[] = [];
    const finishOne = async (): Promise<void> => {
      started.at(-1)!.finish();
      await settle();
    };
    const pieces = [new Piece(queue, started, 'ben')];
    for (let i = 0; i < 20; i++) pieces.push(new Piece(queue, started, 'ann'));
    await settle();
    for (let i = 0; i < 10; i++) await finishOne();
    for (let i = 0; i < 10; i++) pieces.push(new Piece(queue, started, 'ben'));
    started.splice(0, started.length - 1);
    for (let i = 0; i < 8; i++) await finishOne();
    const [ann, ben] = ['ann', 'ben'].map((client) => started.filter((each) => each.client === client));
    expect(Math.abs(ann!.length - ben!.length)).toBeLessThanOrEqual(2);
    await finishAll(pieces);
  });

  test('tells a client whose tasks would be refused for their wait, and not another', async () => {
    const queue = queueOf({ waitMsMax: 6 });
    const running = new Piece(queue, [], 'ann');
    expect(() => queue.assertInTime('ann')).not.toThrow();
    const many = Array.from({ length: 3 }, () => new Piece(queue, [], 'ann'));
    await settle();
    // Tasks take 1 ms, as long as nothing is known.
    expect(statesOf(many)).toEqual(['waiting', 'waiting', 'waiting']);
    expect(() => queue.assertInTime('ann')).toThrow('more requests');
    expect(() => queue.assertInTime('ben')).not.toThrow();
    expect([queue.running, queue.length]).toEqual([1, 3]);
    await finishAll([running, ...many]);
    expect(() => queue.assertInTime('ann')).not.toThrow();
  });

  test('in a full queue the longest line makes room, and a client does not push out its own tasks', async () => {
    const queue = queueOf({ lengthMax: 3 });
    const running = new Piece(queue, [], 'ann');
    const many = Array.from({ length: 4 }, () => new Piece(queue, [], 'ann'));
    await settle();
    expect(statesOf(many)).toEqual(['waiting', 'waiting', 'waiting', 'refused']);
    const others = ['ben', 'ben'].map((client) => new Piece(queue, [], client));
    await settle();
    expect(statesOf([...many, ...others])).toEqual([
      'waiting',
      'waiting',
      'refused',
      'refused',
      'waiting',
      'refused',
    ]);
    expect(queue.length).toBe(3);
    await finishAll([running, ...many, ...others]);
  });

  test('while clients have tasks, none is ahead of another by more than a task of each', async () => {
    const someUnits = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 30, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3 }), someUnits, async (slots, units) => {
        const queue = queueOf({ slots, waitMsMax: 1e6, lengthMax: 1_000 });
        const started: Piece[] = [];
        const pieces = units.map((each, i) => new Piece(queue, started, clients[i % 3], each));
        await settle();
        const used = (client: string): number =>
          started.reduce((sum, piece) => sum + (piece.client === client ? piece.units : 0), 0);
        while (
          clients.every((client) =>
            pieces.some((piece) => piece.client === client && piece.state === 'waiting'),
          )
        ) {
          started.find(({ state }) => state === 'running')!.finish();
          await settle();
          const totals = clients.map(used);
          expect(Math.max(...totals) - Math.min(...totals)).toBeLessThanOrEqual(20 * (slots + 1));
        }
        await finishAll(pieces);
      }),
    );
  });
});
