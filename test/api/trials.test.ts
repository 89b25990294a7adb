import { expect, test } from 'vitest';
import { Trials } from '../../api/runtime/serving/trials.ts';

/** Trials that the test ends, one at a time among clients that are not known. */
function trialsOf(): {
  readonly begin: (client: string) => (isLight: boolean) => Promise<void>;
  readonly running: Set<string>;
} {
  const trials = new Trials({ slots: 1, waitMsMax: 60_000, lengthMax: 100, now: () => 0 });
  const running = new Set<string>();
  let begun = 0;
  const begin = (client: string): ((isLight: boolean) => Promise<void>) => {
    const name = `${client}${++begun}`;
    const end = Promise.withResolvers<boolean>();
    const ended = trials.run({ client, units: 1 }, async () => {
      running.add(name);
      const isLight = await end.promise;
      running.delete(name);
      return isLight ? 'the result' : undefined;
    });
    return async (isLight) => {
      end.resolve(isLight);
      expect(await ended).toBe(isLight ? 'the result' : undefined);
      await new Promise(setImmediate);
    };
  };
  return { begin, running };
}

test('tasks of unknown work run one at a time, in turns of their clients', async () => {
  const { begin, running } = trialsOf();
  const ends = ['ann', 'ann', 'ann', 'ben'].map(begin);
  await new Promise(setImmediate);
  expect([...running]).toEqual(['ann1']);
  await ends[0]!(false);
  expect([...running]).toEqual(['ben4']);
  await ends[3]!(true);
  expect([...running]).toEqual(['ann2']);
});

test('a client whose latest twenty tasks were light runs any number at once, until one of them is heavy', async () => {
  const { begin, running } = trialsOf();
  const atOnce = async (isHeavy: boolean): Promise<number> => {
    const ends = Array.from({ length: 4 }, () => begin('ann'));
    await new Promise(setImmediate);
    const count = running.size;
    for (const end of ends) await end(!isHeavy);
    return count;
  };
  for (let i = 0; i < 5; i++) expect(await atOnce(false)).toBe(1);
  expect(await atOnce(false)).toBe(4);
  expect(await atOnce(true)).toBe(4);
  expect(await atOnce(false)).toBe(1);
});
