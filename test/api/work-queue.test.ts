import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ClientGone } from '../../api/index.ts';
import type { WorkQueue } from '../../api/runtime/serving/work-queue.ts';
import { Piece, clients, finishAll, queueOf, settle, statesOf } from './queue-pieces.ts';

const short = (queue: WorkQueue): Piece => new Piece(queue, undefined, '', 1, true);

describe('a work queue', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('tasks start in order of arrival, as many at once as there are slots', async () => {
    const queue = queueOf({ slots: 2 });
    const pieces = Array.from({ length: 4 }, () => new Piece(queue));
    await settle();
    expect(statesOf(pieces)).toEqual(['running', 'running', 'waiting', 'waiting']);
    expect([queue.running, queue.length]).toEqual([2, 2]);
    await vi.advanceTimersByTimeAsync(30);
    pieces[1]!.finish();
    await settle();
    expect(statesOf(pieces)).toEqual(['running', 'done', 'running', 'waiting']);
    expect(pieces.map(({ waitedMs }) => waitedMs)).toEqual([0, 0, 30, NaN]);
  });

  test('more short tasks run at once, as long as they take 4 ms together by the mean duration of recent tasks', async () => {
    const queue = queueOf({ slots: 2, slotsMax: 6 });
    const pieces = Array.from({ length: 8 }, () => short(queue));
    await settle();
    // Tasks take 1 ms, as long as nothing is known: of two at once, one ends each 0.5 ms.
    expect(queue.running).toBe(6);
    await finishAll(pieces);
    for (let i = 0; i < 100; i++) {
      const piece = short(queue);
      await vi.advanceTimersByTimeAsync(3);
      piece.finish();
      await settle();
    }
    // One ends each 1.5 ms.
    const longer = Array.from({ length: 8 }, () => short(queue));
    await settle();
    expect(queue.running).toBe(3);
    await finishAll(longer);
    expect([queue.running, queue.length]).toEqual([0, 0]);
  });

  test('no task runs beyond the slots beside a longer one, nor a longer one beside short ones', async () => {
    const queue = queueOf({ slots: 2, slotsMax: 6 });
    const longer = new Piece(queue);
    const pieces = [short(queue), short(queue), short(queue)];
    await settle();
    expect(queue.running).toBe(2);
    longer.finish();
    await settle();
    expect(queue.running).toBe(3);
    const next = new Piece(queue);
    await settle();
    expect([next.state, queue.running]).toEqual(['waiting', 3]);
    const later = short(queue);
    await settle();
    expect([later.state, queue.running]).toEqual(['waiting', 3]);
    for (const piece of pieces.slice(0, 2)) piece.finish();
    await settle();
    expect([next.state, later.state]).toEqual(['running', 'waiting']);
    await finishAll([...pieces, next, later]);
    expect([next.state, queue.running, queue.length]).toEqual(['done', 0, 0]);
  });

  test('the last task of a burst takes longest, and does not count as a longer task', async () => {
    const queue = queueOf({ slots: 1, slotsMax: 4 });
    for (let burst = 0; burst < 20; burst++) {
      const pieces: Piece[] = [];
      for (let i = 0; i < 4; i++) {
        pieces.push(short(queue));
        await settle();
      }
      // One each millisecond, so that four take 4 ms.
      expect(queue.running).toBe(4);
      for (const piece of pieces) {
        await vi.advanceTimersByTimeAsync(1);
        piece.finish();
        await settle();
      }
    }
  });

  test('the queue continues after a task that fails', async () => {
    const queue = queueOf();
    const [first, second] = [new Piece(queue), new Piece(queue)];
    await settle();
    first.fail();
    await settle();
    expect([first.state, second.state, queue.running]).toEqual(['failed', 'running', 1]);
  });

  test('a client that disconnects frees its place for the next task', async () => {
    const queue = queueOf({ lengthMax: 1 });
    const [first, second] = [new Piece(queue), new Piece(queue)];
    const third = new Piece(queue);
    second.departure.abort();
    const fourth = new Piece(queue);
    await settle();
    expect(statesOf([first, second, third, fourth])).toEqual(['running', 'gone', 'refused', 'waiting']);
    first.finish();
    await settle();
    expect([second.state, fourth.state, queue.length]).toEqual(['gone', 'running', 0]);
  });

  test('a task of a disconnected client does not run', async () => {
    const queue = queueOf();
    const started: Piece[] = [];
    await expect(
      queue.run({ client: '', units: 1, signal: AbortSignal.abort() }, async () => {
        started.push(new Piece(queue));
      }),
    ).rejects.toThrow(ClientGone);
    expect([started.length, queue.running]).toEqual([0, 0]);
  });

  test('a task that would wait over half of the limit, by the mean duration of recent tasks, is refused on arrival', async () => {
    const queue = queueOf({ waitMsMax: 200 });
    for (let i = 0; i < 100; i++) {
      const piece = new Piece(queue);
      await vi.advanceTimersByTimeAsync(40);
      piece.finish();
      await settle();
    }
    const pieces = Array.from({ length: 5 }, () => new Piece(queue));
    await settle();
    // Of 40 ms each: the third in line would wait 120.
    expect(statesOf(pieces)).toEqual(['running', 'waiting', 'waiting', 'refused', 'refused']);
  });

  test('while the queue is patient, more tasks are admitted, and each may wait longer', async () => {
    let isPatient = false;
    const queue = queueOf({ waitMsMax: 4, isPatient: () => isPatient });
    const pieces = Array.from({ length: 4 }, () => new Piece(queue));
    await settle();
    // Tasks take 1 ms, as long as nothing is known.
    expect(statesOf(pieces)).toEqual(['running', 'waiting', 'waiting', 'refused']);
    isPatient = true;
    const more = Array.from({ length: 15 }, () => new Piece(queue));
    await vi.advanceTimersByTimeAsync(31);
    // Two wait already: of the 15, 14 are expected to wait up to 16 of 32 ms.
    expect(statesOf(pieces)).toEqual(['running', 'refused', 'refused', 'refused']);
    expect(statesOf(more)).toEqual([...Array<string>(14).fill('waiting'), 'refused']);
    await vi.advanceTimersByTimeAsync(1);
    expect(new Set(statesOf(more))).toEqual(new Set(['refused']));
    await finishAll([...pieces, ...more]);
  });

  test('a queue that has just begun to stand holds a burst, which may wait longer', async () => {
    const queue = queueOf({ waitMsMax: 4, burstMsMax: 10 });
    const burst = Array.from({ length: 9 }, () => new Piece(queue));
    await settle();
    // Tasks take 1 ms, as long as nothing is known: half of 16 ms.
    expect(statesOf(burst)).toEqual(['running', ...Array<string>(8).fill('waiting')]);
    await vi.advanceTimersByTimeAsync(10);
    const late = new Piece(queue);
    await settle();
    expect(late.state).toBe('refused');
    await finishAll(burst);
    expect(new Set(statesOf(burst))).toEqual(new Set(['done']));
    const next = Array.from({ length: 9 }, () => new Piece(queue));
    await settle();
    expect(statesOf(next)).not.toContain('refused');
    await finishAll(next);
  });

  test.each([
    ['in a burst', { burstMsMax: 250 }],
    ['while the queue is patient', { isPatient: () => true }],
  ])('after a stall of all running tasks, the next ones are admitted %s', async (_, options) => {
    const queue = queueOf({ slots: 4, waitMsMax: 50, ...options });
    for (let i = 0; i < 50; i++) {
      const some = Array.from({ length: 4 }, () => new Piece(queue));
      await vi.advanceTimersByTimeAsync(1);
      await finishAll(some);
    }
    const stalled = Array.from({ length: 4 }, () => new Piece(queue));
    const waiting = Array.from({ length: 60 }, () => new Piece(queue));
    await vi.advanceTimersByTimeAsync(100);
    for (const piece of stalled) piece.finish();
    await settle();
    const late = Array.from({ length: 4 }, () => new Piece(queue));
    await finishAll([...stalled, ...waiting, ...late]);
    expect(new Set(statesOf([...waiting, ...late]))).toEqual(new Set(['done']));
  });

  test('in a burst of long tasks, the forecast follows their durations', async () => {
    const queue = queueOf({ waitMsMax: 50, burstMsMax: 10_000 });
    for (let i = 0; i < 50; i++) {
      const piece = new Piece(queue);
      await vi.advanceTimersByTimeAsync(40);
      await finishAll([piece]);
    }
    const pieces = Array.from({ length: 4 }, () => new Piece(queue));
    await settle();
    // Of 40 ms each: the third in line would wait 120 of 200 ms.
    expect(statesOf(pieces)).toEqual(['running', 'waiting', 'waiting', 'refused']);
    await finishAll(pieces);
  });

  test('a task that waits longer than expected is refused', async () => {
    const queue = queueOf({ waitMsMax: 100 });
    const [first, second] = [new Piece(queue), new Piece(queue)];
    await vi.advanceTimersByTimeAsync(99);
    expect(second.state).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1);
    expect([first.state, second.state, queue.length]).toEqual(['running', 'refused', 0]);
    first.finish();
    await settle();
    expect([second.state, queue.running]).toEqual(['refused', 0]);
  });

  test('an admitted task waits out a stall as long as a burst, and is refused after that', async () => {
    const queue = queueOf({ waitMsMax: 4, burstMsMax: 10 });
    const [first, second] = [new Piece(queue), new Piece(queue)];
    await vi.advanceTimersByTimeAsync(10);
    // The queue stands, so no burst any more.
    const third = new Piece(queue);
    await vi.advanceTimersByTimeAsync(13);
    expect(statesOf([first, second, third])).toEqual(['running', 'waiting', 'waiting']);
    await vi.advanceTimersByTimeAsync(1);
    expect(third.state).toBe('refused');
    await vi.advanceTimersByTimeAsync(2);
    expect([second.state, queue.length]).toEqual(['refused', 0]);
    await finishAll([first]);
  });

  type Event =
    | { readonly kind: 'come' | 'finish' | 'fail' | 'leave'; readonly which: number }
    | { readonly kind: 'wait'; readonly which: number };
  const someEvents: fc.Arbitrary<Event[]> = fc.array(
    fc.record({
      kind: fc.constantFrom('come', 'come', 'finish', 'fail', 'leave', 'wait'),
      which: fc.nat(30),
    }),
    { maxLength: 80 },
  );

  test('in any sequence of events, every task ends once, those of a client in order, within the limits, and no slot idles', async () => {
    const limits = fc.record({
      slots: fc.integer({ min: 1, max: 3 }),
      slotsMax: fc.integer({ min: 3, max: 5 }),
      waitMsMax: fc.integer({ min: 0, max: 60 }),
      lengthMax: fc.nat(5),
    });
    await fc.assert(
      fc.asyncProperty(limits, someEvents, async (options, events) => {
        const queue = queueOf(options);
        const pieces: Piece[] = [];
        const started: Piece[] = [];
        for (const { kind, which } of events) {
          const piece = pieces.length === 0 ? undefined : pieces[which % pieces.length];
          if (kind === 'come') pieces.push(new Piece(queue, started, clients[which % 3], 1 + (which % 7)));
          else if (kind === 'finish') piece?.finish();
          else if (kind === 'fail') piece?.fail();
          else if (kind === 'leave') piece?.departure.abort();
          await vi.advanceTimersByTimeAsync(kind === 'wait' ? which : 0);
          const states = statesOf(pieces);
          const running = states.filter((state) => state === 'running').length;
          const waiting = states.filter((state) => state === 'waiting').length;
          expect([queue.running, queue.length]).toEqual([running, waiting]);
          expect(running).toBeLessThanOrEqual(options.slotsMax);
          expect(waiting).toBeLessThanOrEqual(options.lengthMax);
          if (waiting > 0) expect(running).toBeGreaterThanOrEqual(options.slots);
        }
        for (const client of clients) {
          const own = started.filter((piece) => piece.client === client);
          expect(own).toEqual(pieces.filter((piece) => own.includes(piece)));
        }
        await finishAll(pieces);
        expect(pieces.map(({ ends }) => ends)).toEqual(pieces.map(() => 1));
        expect([queue.running, queue.length, vi.getTimerCount()]).toEqual([0, 0, 0]);
      }),
    );
  });
});
