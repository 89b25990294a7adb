import { hasUnspaced } from '../../engine/text/index.ts';
import type { Stem } from '../../graph-data/index.ts';

/** Places of a text that match, as [start, end) in UTF-16 code units. */
type Ranges = readonly (readonly [number, number])[];

/** A part of a field with the places that match a search. */
interface Highlight {
  readonly field: 'title' | 'text';
  readonly text: string;
  readonly ranges: Ranges;
}

/** Characters of a text that are looked at, and of the part that is shown. */
const lengthMax = 10_000;
const snippetLength = 160;
/** Characters shown before the first match. */
const lead = 40;
const rangesMax = 20;

const words = /[\p{L}\p{M}\p{N}]+/gu;

/** Finds the words of a search, and words with their stems, in texts. */
export class Highlighter {
  readonly #stems: ReadonlySet<string>;
  readonly #stem: Stem;
  readonly #prefix: string;

  /** `meant` are words that stand for mistyped ones. */
  constructor(text: string, meant: Iterable<string>, stem: Stem) {
    this.#stem = stem;
    const typed = wordsOf(text);
    this.#stems = new Set([...typed, ...meant].map(stem));
    this.#prefix = typed.at(-1) ?? '';
  }

  /** The matching places of a title and a text; none for a field without a match. */
  of(title: string | null | undefined, text: string | null | undefined): Highlight[] {
    const parts: Highlight[] = [];
    const ofTitle = this.#rangesOf(title ?? '');
    if (ofTitle.length > 0) parts.push({ field: 'title', text: title!.slice(0, lengthMax), ranges: ofTitle });
    const ofText = this.#rangesOf(text ?? '');
    if (ofText.length > 0) parts.push({ field: 'text', ...snippetOf(text!, ofText) });
    return parts;
  }

  #rangesOf(text: string): [number, number][] {
    const ranges: [number, number][] = [];
    for (const { 0: word, index } of text.slice(0, lengthMax).matchAll(words)) {
      const plain = word.normalize('NFKC').toLowerCase();
      if (this.#stems.has(this.#stem(plain)) || (this.#prefix.length > 1 && plain.startsWith(this.#prefix))) {
        ranges.push([index, index + word.length]);
      } else ranges.push(...this.#within(plain, index, word.length));
      if (ranges.length >= rangesMax) break;
    }
    return ranges;
  }

  /** Words inside a run of a script without spaces. */
  #within(run: string, index: number, length: number): [number, number][] {
    if (run.length !== length || !hasUnspaced(run)) return [];
    return [...this.#stems].flatMap((stem): [number, number][] => {
      const at = run.indexOf(stem);
      return at < 0 ? [] : [[index + at, index + at + stem.length]];
    });
  }
}

function wordsOf(text: string): string[] {
  return text.normalize('NFKC').toLowerCase().match(words) ?? [];
}

/** The part of a text around its first match. */
function snippetOf(text: string, ranges: Ranges): Pick<Highlight, 'text' | 'ranges'> {
  const start = Math.max(0, ranges[0]![0] - lead);
  const snippet = text.slice(start, start + snippetLength).toWellFormed();
  const within = ranges.filter(([, end]) => end - start <= snippet.length);
  return { text: snippet, ranges: within.map(([from, end]) => [from - start, end - start]) };
}
