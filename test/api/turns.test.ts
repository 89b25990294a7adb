import { expect, test } from 'vitest';
import { Turns } from '../../api/index.ts';

test('one of the waiting tasks continues in each turn of the event loop, in the order of arrival', async () => {
  const turns = new Turns(setImmediate);
  let turn = 0;
  let isDone = false;
  const count = (): void => {
    turn++;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  const seen: [string, number][] = [];
  const task = async (name: string): Promise<void> => {
    for (let slice = 0; slice < 3; slice++) {
      await turns.next();
      seen.push([name, turn]);
    }
  };
  await Promise.all(['a', 'b', 'c'].map(task));
  isDone = true;
  expect(seen.map(([name]) => name).join('')).toBe('abcabcabc');
  expect(new Set(seen.map(([, at]) => at)).size).toBe(9);
});
