import { type Code, type Local, get, i32, tee } from '../wasm/index.ts';

/** Memories of the module with the loops of `ReachedPins`, and their numbers. */
export const [runs, reached, edges, sorted, degrees, boardToPin, pinToBoard] = [0, 1, 2, 3, 4, 5, 6];
export const memories: readonly { readonly name: string; readonly isShared: boolean }[] = [
  { name: 'runs', isShared: false },
  { name: 'reached', isShared: false },
  { name: 'edges', isShared: false },
  { name: 'sorted', isShared: false },
  { name: 'degrees', isShared: false },
  { name: 'boardToPin', isShared: true },
  { name: 'pinToBoard', isShared: true },
];

/** Advances an address, and leaves it. */
export function next(address: Local, by: number): Code {
  return tee(address, i32.add(get(address), i32.const(by)));
}

/** Stores what a function returns. */
export function result(at: number, value: Code): Code {
  return i32.store(reached, i32.const(0), value, at);
}
