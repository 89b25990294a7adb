import { type RandomStream, nextBelow } from '../../engine/index.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz';

/** A text with one edit, drawn at random: a letter inserted, deleted or substituted, or two neighbors transposed. */
export function typoOf(text: string, stream: RandomStream): string {
  for (;;) {
    const place = nextBelow(stream, text.length);
    const letter = letters[nextBelow(stream, letters.length)]!;
    const [before, here, after] = [text.slice(0, place), text[place]!, text.slice(place + 1)];
    const typo = [
      before + letter + here + after,
      before + after,
      before + letter + after,
      before + after.slice(0, 1) + here + after.slice(1),
    ][nextBelow(stream, 4)]!;
    if (typo !== text) return typo;
  }
}
