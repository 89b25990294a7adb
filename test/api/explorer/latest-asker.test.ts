import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LatestAsker, RestProblem, type Standing } from '../../../api/explorer/page/rest/index.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Questions that are answered when the test says so. */
function questions() {
  const open: {
    name: string;
    signal: AbortSignal;
    answer: (text: string) => void;
    fail: (e: Error) => void;
  }[] = [];
  const ask = (name: string) => (signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => {
      open.push({ name, signal, answer: resolve, fail: reject });
      signal.addEventListener('abort', () => reject(new Error('aborted')));
    });
  return { open, ask };
}

function listened() {
  const told: Standing<string>[] = [];
  return { told, asker: new LatestAsker<string>((standing) => told.push(standing)) };
}

describe('asking while a slider moves', () => {
  test('takes one question at a time, and of those that wait the latest', async () => {
    const { open, ask } = questions();
    const { told, asker } = listened();
    for (const name of ['a', 'b', 'c']) asker.ask(ask(name));
    expect(open.map(({ name }) => name)).toEqual(['a']);
    open[0]!.answer('A');
    await vi.advanceTimersByTimeAsync(0);
    expect(told.at(-1)).toMatchObject({ answer: 'A', isStale: true });
    expect(open.map(({ name }) => name)).toEqual(['a', 'c']);
    open[1]!.answer('C');
    await vi.advanceTimersByTimeAsync(0);
    expect(told.at(-1)).toEqual({ answer: 'C', problem: undefined, isStale: false });
  });

  test('aborts what takes long when nobody wants it any more, and only then', async () => {
    const { open, ask } = questions();
    const { told, asker } = listened();
    asker.ask(ask('a'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(open[0]!.signal.aborted).toBe(false);
    asker.ask(ask('b'));
    await vi.advanceTimersByTimeAsync(200);
    expect(open[0]!.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(100);
    expect(open[0]!.signal.aborted).toBe(true);
    expect(open.map(({ name }) => name)).toEqual(['a', 'b']);
    open[1]!.answer('B');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(open[1]!.signal.aborted).toBe(false);
    expect(told.some(({ problem }) => problem !== undefined)).toBe(false);
    expect(told.at(-1)).toMatchObject({ answer: 'B', isStale: false });
  });
});

describe('a problem', () => {
  test('that says when to come back is asked again then; the answer before stays', async () => {
    const { open, ask } = questions();
    const { told, asker } = listened();
    asker.ask(ask('a'));
    open[0]!.answer('A');
    await vi.advanceTimersByTimeAsync(0);
    asker.ask(ask('b'));
    open[1]!.fail(new RestProblem('overloaded', 503, 'too much', { retryAfterSeconds: 3 }));
    await vi.advanceTimersByTimeAsync(2_900);
    expect(told.at(-1)).toMatchObject({ answer: 'A', problem: { code: 'overloaded' }, isStale: true });
    expect(open).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(200);
    expect(open[2]!.name).toBe('b');
    open[2]!.answer('B');
    await vi.advanceTimersByTimeAsync(0);
    expect(told.at(-1)).toEqual({ answer: 'B', problem: undefined, isStale: false });
  });

  test('of another kind is not, and nothing is asked once closed', async () => {
    const { open, ask } = questions();
    const { asker } = listened();
    asker.ask(ask('a'));
    open[0]!.fail(new RestProblem('unknown-pin', 404, 'no'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(open).toHaveLength(1);
    asker.ask(ask('b'));
    asker.close();
    expect(open[1]!.signal.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(open).toHaveLength(2);
  });
});
