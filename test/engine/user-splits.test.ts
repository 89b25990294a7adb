import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type TimedSaves, neighborsOf, splitLatestOfUsers } from '../../engine/index.ts';
import { numberIn } from '../scores.ts';
import { savesIn, someTimedSaves, timed } from '../timed-saves.ts';

describe('a split of the latest share of every user', () => {
  /** Saves of three users, each board of user board % 3, by board, pin and time. */
  const ofUsers = (saves: readonly (readonly [number, number, number])[]): TimedSaves => {
    const all = timed(saves);
    const { boardToUser } = all;
    for (let board = 0; board < boardToUser.length; board++) boardToUser[board] = board % 3;
    return { ...all, userCount: 3 };
  };

  test('a split of users conserves saves, and holds out none that is earlier than a known one of its user', () => {
    fc.assert(
      fc.property(someTimedSaves, numberIn(0.05, 0.95), fc.nat(1_000), (saves, share, seed) => {
        fc.pre(saves.length > 0);
        const all = ofUsers(saves);
        const { boards, users } = splitLatestOfUsers(all, share, seed);
        const both = [...savesIn(boards.train.boardToPin), ...savesIn(boards.heldOut)];
        expect(both.toSorted()).toEqual(saves.map(([board, pin]) => `${board}/${pin}`).toSorted());
        const held = new Set(savesIn(boards.heldOut));
        for (const user of [0, 1, 2]) {
          const own = saves.filter(([board]) => board % 3 === user);
          const isHeld = (save: (typeof own)[number]): boolean => held.has(`${save[0]}/${save[1]}`);
          const known = own.filter((save) => !isHeld(save)).map(([, , time]) => time);
          const later = own.filter(isHeld).map(([, , time]) => time);
          if (own.length > 0) expect(known.length).toBeGreaterThan(0);
          expect(Math.abs(later.length - share * own.length)).toBeLessThanOrEqual(1);
          expect(Math.max(...known, -1)).toBeLessThanOrEqual(Math.min(...later, Infinity));
          // By user: the pins of all boards together, and none in both parts.
          const pinsOf = (some: typeof own): number[] =>
            [...new Set(some.map(([, pin]) => pin))].toSorted((a, b) => a - b);
          const knownPins = pinsOf(own.filter((save) => !isHeld(save)));
          expect([...neighborsOf(users.train.boardToPin, user)]).toEqual(knownPins);
          expect([...neighborsOf(users.heldOut, user)]).toEqual(
            pinsOf(own.filter(isHeld)).filter((pin) => !knownPins.includes(pin)),
          );
        }
        expect(splitLatestOfUsers(all, share, seed)).toEqual({ boards, users });
      }),
    );
  });

  test('a split of users without times holds out a random share, and saves without a time as the oldest', () => {
    const saves = Array.from({ length: 1_000 }, (_, pin) => [0, pin, NaN] as const);
    const held = (seed: number): Int32Array =>
      neighborsOf(splitLatestOfUsers(ofUsers(saves), 0.1, seed).users.heldOut, 0);
    expect(held(1)).toHaveLength(100);
    expect(held(1)).not.toEqual(held(2));
    const mixed = saves.map(([board, pin]) => [board, pin, pin < 100 ? pin : NaN] as const);
    const { users } = splitLatestOfUsers(ofUsers(mixed), 0.1, 1);
    expect([...neighborsOf(users.heldOut, 0)]).toEqual([...Array(100).keys()]);
    expect(users.savedAt?.every((time) => Number.isNaN(time))).toBe(true);
  });
});
