import { dayMs } from '../interactions/index.ts';

/** Numbers of names in the order of their first use; 0 stands for a missing name. */
export class Names {
  readonly #numbers = new Map<string, number>();
  readonly #names: (string | null)[] = [null];

  of(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.#names.length;
      this.#numbers.set(name, number);
      this.#names.push(name);
    }
    return number;
  }

  at(number: number): string | null {
    return this.#names[number]!;
  }
}

/** A day since 1970, UTC, as `2026-11-29`. */
export function dateOf(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** Ranks beyond it are counted together, as the next one. */
export const rankMax = 50;

/** Random groups of people: enough for a variance, few enough to store their sums by day. */
export const groupCount = 64;

/** The group of a person, by FNV-1a of the key. */
export function groupOf(user: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < user.length; i++) hash = Math.imul(hash ^ user.charCodeAt(i), 0x01000193);
  // The lowest bits of FNV mix least.
  hash ^= hash >>> 16;
  return Math.imul(hash, 0x85ebca6b) >>> 26;
}
