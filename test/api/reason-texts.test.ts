import { describe, expect, test } from 'vitest';
import type { Reason } from '../../engine/index.ts';
import type { LoadedSnapshot, Store } from '../../graph-data/index.ts';
import { reasonOfPin } from '../../api/recommend/reason-texts.ts';
import { graphOf } from '../graphs.ts';

// Pin 0 is on boards 0 to 3, pin 1 on three of them, pin 2 on all 30.
const saves = Array.from({ length: 30 }, (_, board) => {
  const pins = [...(board < 4 ? [0] : []), ...(board < 3 ? [1] : []), 2];
  return pins.map((pin) => [board, pin] as const);
}).flat();
const snapshot = { graph: graphOf(saves), header: { counts: { boards: 30 } } } as unknown as LoadedSnapshot;
const keys = ['basil', 'tomato', 'salt'];
const store = {
  keyAt: (kind: string, index: number) => (kind === 'pins' ? keys[index] : `board ${index}`),
} as unknown as Store;

function textOf(item: number, via: Partial<Reason['via'][number]>[], isSpecific = true): string {
  const shared = via.map((each) => ({ queryPin: 0, board: 0, paths: 3, isLowerBound: false, ...each }));
  return reasonOfPin(snapshot, item, { via: shared, bridge: undefined }, isSpecific, store).text;
}

describe('the sentence of a reason', () => {
  test('names the lift where specificity ranks: 3 of 30 boards have tomato, but 3 of the 4 with basil', () => {
    expect(textOf(1, [{}])).toBe('saved with basil on 3 of its 4 boards (8 times as often as by chance)');
  });

  test('rounds a lower bound down: 7.5 becomes at least 7', () => {
    expect(textOf(1, [{ isLowerBound: true }])).toBe(
      'saved with basil on at least 3 of its 4 boards (at least 7 times as often as by chance)',
    );
  });

  test('leaves out a lift below 2 or over fewer than 3 boards, and every lift where specificity has no part', () => {
    expect(textOf(2, [{ paths: 4 }])).toBe('saved with basil on 4 boards');
    expect(textOf(1, [{ paths: 2 }])).toBe('saved with basil on 2 boards');
    expect(textOf(1, [{}], false)).toBe('saved with basil on 3 boards');
    expect(textOf(1, [{ paths: 1 }], false)).toBe('saved with basil on 1 board');
  });

  test('names each query pin, thousands with a comma', () => {
    expect(textOf(1, [{ paths: 1_234 }, { queryPin: 2, paths: 3 }], false)).toBe(
      'saved with basil on 1,234 boards and with salt on 3 boards',
    );
    expect(textOf(1, [{}, { queryPin: 2, paths: 3 }])).toBe(
      'saved with basil on 3 of its 4 boards (8 times as often as by chance) and with salt on 3 boards',
    );
  });
});
