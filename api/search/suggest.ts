import { type FoundNode, folded } from '../../graph-data/index.ts';

/** A text to search for: the title of a board, or of a pin. */
export interface Suggestion {
  readonly text: string;
  readonly kind: 'pins' | 'boards';
  readonly key: string;
  /** Pins of the board, or boards of the pin. */
  readonly count: number;
}

/** Titles, keys where there is none, that begin with a text, or have a word that does: most saved first, each once. */
export function suggestionsOf(
  text: string,
  limit: number,
  found: Readonly<Record<Suggestion['kind'], readonly FoundNode[]>>,
  count: (kind: Suggestion['kind'], node: number) => number,
): Suggestion[] {
  const wanted = folded(text);
  const all = (['boards', 'pins'] as const).flatMap((kind) =>
    found[kind].map(({ index, key, title }) => {
      const shown = title ?? key;
      const begins = folded(shown).startsWith(wanted);
      return { begins, suggestion: { text: shown, kind, key, count: count(kind, index) } };
    }),
  );
  const sorted = all.toSorted(
    (a, b) => Number(b.begins) - Number(a.begins) || b.suggestion.count - a.suggestion.count,
  );
  const seen = new Set<string>();
  return sorted
    .map(({ suggestion }) => suggestion)
    .filter((suggestion) => !seen.has(folded(suggestion.text)) && seen.add(folded(suggestion.text)))
    .slice(0, limit);
}
