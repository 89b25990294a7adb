import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type FetchState, LatestRequest } from '../../../api/explorer/page/rest/latest-request.ts';
import { RestProblem } from '../../../api/explorer/page/rest/rest-client.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Requests whose responses the test gives, and the states that they lead to. */
function setUp() {
  const sent: {
    name: string;
    signal: AbortSignal;
    respond: (text: string) => void;
    fail: (e: Error) => void;
  }[] = [];
  const states: FetchState<string>[] = [];
  const request = new LatestRequest<string>((state) => states.push(state));
  const send = (name: string): void =>
    request.send(
      (signal) =>
        new Promise((resolve, reject) => {
          sent.push({ name, signal, respond: resolve, fail: reject });
          signal.addEventListener('abort', () => reject(new Error('aborted')));
        }),
    );
  const names = (): string[] => sent.map(({ name }) => name);
  return { request, send, sent, names, states };
}

describe('requests while a slider moves', () => {
  test('requests of a moving slider are sent one at a time, and of the waiting ones only the latest', async () => {
    const { send, sent, names, states } = setUp();
    for (const name of ['a', 'b', 'c']) send(name);
    expect(names()).toEqual(['a']);
    sent[0]!.respond('A');
    await vi.advanceTimersByTimeAsync(0);
    expect(states.at(-1)).toMatchObject({ data: 'A', isStale: true });
    expect(names()).toEqual(['a', 'c']);
    sent[1]!.respond('C');
    await vi.advanceTimersByTimeAsync(0);
    expect(states.at(-1)).toEqual({ data: 'C', problem: undefined, isStale: false });
  });

  test('requests of a moving slider are aborted only if slow and superseded', async () => {
    const { send, sent, names, states } = setUp();
    send('a');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent[0]!.signal.aborted).toBe(false);
    send('b');
    await vi.advanceTimersByTimeAsync(200);
    expect(sent[0]!.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(100);
    expect(sent[0]!.signal.aborted).toBe(true);
    expect(names()).toEqual(['a', 'b']);
    sent[1]!.respond('B');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent[1]!.signal.aborted).toBe(false);
    expect(states.some(({ problem }) => problem !== undefined)).toBe(false);
    expect(states.at(-1)).toMatchObject({ data: 'B', isStale: false });
  });
});

describe('a problem', () => {
  test('a problem with Retry-After is retried then, and earlier data stays', async () => {
    const { send, sent, names, states } = setUp();
    send('a');
    sent[0]!.respond('A');
    await vi.advanceTimersByTimeAsync(0);
    send('b');
    sent[1]!.fail(new RestProblem('overloaded', 503, 'too much', { retryAfterSeconds: 3 }));
    await vi.advanceTimersByTimeAsync(2_900);
    expect(states.at(-1)).toMatchObject({ data: 'A', problem: { code: 'overloaded' }, isStale: true });
    expect(sent).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(200);
    expect(names()).toEqual(['a', 'b', 'b']);
    sent[2]!.respond('B');
    await vi.advanceTimersByTimeAsync(0);
    expect(states.at(-1)).toEqual({ data: 'B', problem: undefined, isStale: false });
  });

  test('a problem without Retry-After is not retried, and nothing is sent after closing', async () => {
    const { request, send, sent } = setUp();
    send('a');
    sent[0]!.fail(new RestProblem('unknown-pin', 404, 'no'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
    send('b');
    request.close();
    expect(sent[1]!.signal.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(2);
  });
});
