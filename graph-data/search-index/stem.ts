import { stemmer } from 'stemmer';

const english = /^[a-z]{3,}$/;

/**
 * One text for all forms of an English word, by Porter's algorithm (1980): `wings` and `wing`. Words with other letters than
 * a to z stay as they are, apart from diacritics: `brulee` finds `brûlée`.
 */
export function stemOf(word: string): string {
  const plain = word.normalize('NFD').replaceAll(/\p{M}/gu, '');
  return english.test(plain) ? stemmer(plain) : plain;
}
