import { type RecommendedLists, type SaveSplit, listAt, neighborsOf } from '../../../engine/index.ts';
import { DataError, type SplitNames } from '../../../graph-data/index.ts';

/**
 * A run in TREC's form, `user Q0 pin rank score tag`. The score is k + 1 − rank: evaluators order a run by score, and
 * after diversification the pipeline's own scores need not fall with the rank. Throws `key-unwritable` ({@link trecKey}).
 */
export function* runLines(lists: RecommendedLists, names: SplitNames, tag: string): Generator<string> {
  const pins = trecKeys((pin) => names.pin(pin).key);
  for (const [i, board] of lists.boards.entries()) {
    const user = trecKey(names.board(board).key);
    for (const [place, pin] of listAt(lists, i).entries()) {
      yield `${user} Q0 ${pins(pin)} ${place + 1} ${lists.k - place} ${trecKey(tag)}\n`;
    }
  }
}

/** The held-out pins of the evaluated users as TREC's judgements: `user 0 pin 1`. Throws as {@link runLines} does. */
export function* qrelLines(
  { boards }: Pick<RecommendedLists, 'boards'>,
  { heldOut }: Pick<SaveSplit, 'heldOut'>,
  names: SplitNames,
): Generator<string> {
  const pins = trecKeys((pin) => names.pin(pin).key);
  for (const board of boards) {
    const user = trecKey(names.board(board).key);
    for (const pin of neighborsOf(heldOut, board)) yield `${user} 0 ${pins(pin)} 1\n`;
  }
}

/**
 * TREC separates fields by white space: white space, control characters and `%` become `%` and the hexadecimal digits of
 * their UTF-8 bytes, as in URLs, so that different keys stay different. Throws `key-unwritable` for an empty key.
 */
function trecKey(key: string): string {
  if (key === '') {
    throw new DataError(
      'key-unwritable',
      'a TREC file cannot hold an empty key: write the lists as .csv, .jsonl or .parquet',
    );
  }
  return key.replaceAll(/[\s\p{Cc}%]/gu, (character) =>
    Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(
      '',
    ),
  );
}

function trecKeys(keyOf: (pin: number) => string): (pin: number) => string {
  const known = new Map<number, string>();
  return (pin) => {
    const text = known.get(pin) ?? trecKey(keyOf(pin));
    known.set(pin, text);
    return text;
  };
}
