import { stemmer } from 'stemmer';

/** Makes one text of all forms of a word. */
export type Stem = (word: string) => string;

const latin = /^[a-z]{3,}$/;
const letters = /^\p{L}{3,}$/u;

/** Snowball algorithms beside English, by ISO 639-1: each is loaded when an index is in its language. */
const algorithms: Readonly<Record<string, () => Promise<{ readonly stemmer: Stem }>>> = {
  ar: async () => import('@orama/stemmers/arabic'),
  da: async () => import('@orama/stemmers/danish'),
  de: async () => import('@orama/stemmers/german'),
  el: async () => import('@orama/stemmers/greek'),
  es: async () => import('@orama/stemmers/spanish'),
  fi: async () => import('@orama/stemmers/finnish'),
  fr: async () => import('@orama/stemmers/french'),
  hu: async () => import('@orama/stemmers/hungarian'),
  it: async () => import('@orama/stemmers/italian'),
  nl: async () => import('@orama/stemmers/dutch'),
  no: async () => import('@orama/stemmers/norwegian'),
  pt: async () => import('@orama/stemmers/portuguese'),
  ro: async () => import('@orama/stemmers/romanian'),
  ru: async () => import('@orama/stemmers/russian'),
  sv: async () => import('@orama/stemmers/swedish'),
  tr: async () => import('@orama/stemmers/turkish'),
};

/**
 * One text for all forms of an English word, by Porter's algorithm (1980): `wings` and `wing`. Words with other letters than
 * a to z stay as they are, apart from diacritics: `brulee` finds `brûlée`.
 */
export function englishStem(word: string): string {
  const plain = folded(word);
  return latin.test(plain) ? stemmer(plain) : plain;
}

/** The stems of a language (ISO 639-1); whole words, apart from diacritics, for one without an algorithm. */
export async function stemOfLanguage(language: string): Promise<Stem> {
  if (language === 'en') return englishStem;
  const algorithm = Object.hasOwn(algorithms, language) ? await algorithms[language]!() : undefined;
  if (algorithm === undefined) return folded;
  // Endings are told apart by their diacritics, which the stem then loses.
  return (word) => folded(letters.test(word) ? algorithm.stemmer(word) : word);
}

function folded(word: string): string {
  return word.normalize('NFD').replaceAll(/\p{M}/gu, '');
}
