import path from 'node:path';
import { type PinBoardGraph, buildGraph, nodeCount, pairsOf, tokenize } from '../../../engine/index.ts';
import { readSplit, readTimedSaves } from '../../../graph-data/index.ts';

/** A graph in which some pins have no saves, who saved them later, and the texts of all pins. */
export interface ColdSet {
  /** Of all pins, the cold ones without saves. */
  readonly graph: PinBoardGraph;
  /** By board: the cold pins saved later. */
  readonly heldOut: PinBoardGraph['boardToPin'];
  readonly isCold: (pin: number) => boolean;
  /** By pin: its tags; empty where there are none. */
  readonly tags: readonly (readonly string[])[];
}

/** Reads cold-train, cold-test (user, pin) and pin-tags (pin, tag) of a folder; users stand for boards. */
export async function readColdSet(folder: string): Promise<ColdSet> {
  const file = (name: string): string => path.join(folder, `${name}.tsv.gz`);
  const { train, heldOut, names } = await readSplit(file('cold-train'), file('cold-test'));
  const warmCount = nodeCount(train.pinToBoard);
  const pinCount = heldOut.neighbors.reduce((largest, pin) => Math.max(largest, pin), warmCount - 1) + 1;
  const indexOf = new Map(Array.from({ length: pinCount }, (_, pin) => [names.pin(pin).key, pin]));
  // Tags take the place of users.
  const tagged = await readTimedSaves(file('pin-tags'), { columns: ['pin', 'user'], skip: 1 });
  const tags: string[][] = Array.from({ length: pinCount }, () => []);
  for (const [i, board] of tagged.boards.entries()) {
    const pin = indexOf.get(tagged.names.pin(tagged.pins[i]!).key);
    if (pin !== undefined) tags[pin]!.push(tagged.names.board(board).key);
  }
  return {
    graph: buildGraph({ ...pairsOf(train), pinCount }),
    heldOut,
    isCold: (pin) => pin >= warmCount,
    tags,
  };
}

/** Tags as terms: each tag, and its words if it has several. */
export function termsOf(tags: readonly string[]): string[] {
  return tags.flatMap((tag) => {
    const words = tokenize(tag);
    return words.length > 1 ? [tag, ...words] : [tag];
  });
}
