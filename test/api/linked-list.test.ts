import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LinkedList } from '../../api/base/linked-list.ts';

test('a linked list has the members that were added and not removed, in order', () => {
  const changes = fc.array(fc.oneof(fc.constant('add'), fc.nat(20)), { maxLength: 60 });
  fc.assert(
    fc.property(changes, (all) => {
      const list = new LinkedList<number>();
      const leave: (() => void)[] = [];
      let expected: number[] = [];
      for (const change of all) {
        if (change === 'add') {
          expected.push(leave.length);
          leave.push(list.add(leave.length));
        } else {
          // Removing twice has no effect.
          leave[change]?.();
          expected = expected.filter((member) => member !== change);
        }
        expect([...list]).toEqual(expected);
        expect(list.size).toBe(expected.length);
      }
    }),
  );
});

test('iteration continues when the current member is removed', () => {
  const list = new LinkedList<number>();
  const leave = [1, 2, 3].map((member) => list.add(member));
  const seen: number[] = [];
  for (const member of list) {
    seen.push(member);
    leave[member - 1]!();
  }
  expect(seen).toEqual([1, 2, 3]);
  expect(list.size).toBe(0);
});
