import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LinkedList } from '../../api/base/linked-list.ts';

test('has those that came and have not left, in their order', () => {
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
          // Leaving twice is nothing new.
          leave[change]?.();
          expected = expected.filter((member) => member !== change);
        }
        expect([...list]).toEqual(expected);
        expect(list.size).toBe(expected.length);
      }
    }),
  );
});

test('goes on when the one at hand leaves', () => {
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
