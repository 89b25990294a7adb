/**
 * The words of a text, in order, repeats included: runs of letters, marks and digits of any script, in compatibility form
 * (NFKC) and lower case. Scripts that write no spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) give overlapping pairs
 * of characters, so that a word inside a run is found; a run of one character gives that character. Emoji, punctuation and
 * control characters separate words. No dictionary and no locale, so the same text gives the same words everywhere.
 * O(length).
 */
export function tokenize(text: string): string[] {
  const tokens: string[] = [];
  for (const [run] of text.normalize('NFKC').toLowerCase().matchAll(runs)) {
    if (!unspaced.test(run)) {
      tokens.push(run);
      continue;
    }
    const characters = Array.from(run);
    if (characters.length === 1) tokens.push(run);
    for (let i = 1; i < characters.length; i++) tokens.push(characters[i - 1]! + characters[i]!);
  }
  return tokens;
}

const unspacedScripts = ['Han', 'Hiragana', 'Katakana', 'Thai', 'Lao', 'Khmer', 'Myanmar']
  .map((script) => String.raw`\p{scx=${script}}`)
  .join('');
/** A run of an unspaced script, or of anything else that is part of words; a mark belongs to the run before it. */
const runs = new RegExp(
  String.raw`(?:(?=[\p{L}\p{N}])[${unspacedScripts}]\p{M}*)+|(?:(?![${unspacedScripts}])[\p{L}\p{N}]\p{M}*)+`,
  'gu',
);
const unspaced = new RegExp(`^[${unspacedScripts}]`, 'u');
const anyUnspaced = new RegExp(`[${unspacedScripts}]`, 'u');

/** Whether a text has letters of a script that writes no spaces, so that its words are inside of runs. */
export function hasUnspaced(text: string): boolean {
  return anyUnspaced.test(text);
}
