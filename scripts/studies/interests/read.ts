import path from 'node:path';
import type { TimedSaves } from '../../../engine/index.ts';
import { readTimedSaves } from '../../../graph-data/index.ts';

/** Who saved what, and the tags of saved papers, as numbers. */
interface TaggedSaves {
  readonly saves: TimedSaves;
  /** By pin. */
  readonly tags: readonly (readonly number[])[];
}

/** Reads saves (user, pin) and pin-tags (pin, tag) of a folder; users stand for boards. */
export async function readTaggedSaves(folder: string): Promise<TaggedSaves> {
  const read = async (name: string, columns: ('user' | 'pin')[]) =>
    readTimedSaves(path.join(folder, `${name}.tsv.gz`), { columns, skip: 1 });
  const saves = await read('saves', ['user', 'pin']);
  // Tags take the place of users.
  const tagged = await read('pin-tags', ['pin', 'user']);
  const indexOf = new Map(
    Array.from({ length: saves.pinCount }, (_, pin) => [saves.names.pin(pin).key, pin]),
  );
  const tags: number[][] = Array.from({ length: saves.pinCount }, () => []);
  for (const [i, tag] of tagged.boards.entries()) {
    const pin = indexOf.get(tagged.names.pin(tagged.pins[i]!).key);
    if (pin !== undefined) tags[pin]!.push(tag);
  }
  return { saves, tags };
}
