import { de } from './de.ts';
import { en } from './en.ts';
import type { Words } from './words.ts';

const languages: Readonly<Record<string, Words>> = { de, en };

/** The words of a language tag such as `de-AT`: those of its language, or English. */
export function wordsOf(tag: string): Words {
  const [language = ''] = tag.toLowerCase().split('-');
  return (Object.hasOwn(languages, language) ? languages[language] : undefined) ?? en;
}

export type { Words } from './words.ts';
