import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { DataError, type DataFolder, messageOf } from '../../graph-data/index.ts';

/** Why a pin is sent: it goes with a saved one, is new of an interest or on a board, or is popular. */
const templateKinds = ['saved', 'interest', 'board', 'popular'] as const;
export type TemplateKind = (typeof templateKinds)[number];

const line = z.string().trim().min(1).max(200);
/** By name. `{of}` is replaced by the subject: a saved pin, an interest, a board. */
const templates = z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), line).refine((all) => Object.keys(all).length > 0, 'has no template'); // prettier-ignore

/**
 * What surrounds the pins of a notification, in one language: plain text. A file of `languages/`, named by the tag of the language; a
 * language may lack templates that others have, but not all of a kind.
 */
const wordsSchema = z.strictObject({
  /** On the link. */
  open: line,
  /** At the foot of an e-mail. */
  whyEmail: line,
  /** On the link and the button. */
  unsubscribe: line,
  /** Above the button. */
  question: line,
  done: line,
  /** Above further pins. */
  more: line,
  templates: z.strictObject(Object.fromEntries(templateKinds.map((kind) => [kind, templates])) as Record<TemplateKind, typeof templates>), // prettier-ignore
});

export type Words = Readonly<z.output<typeof wordsSchema>>;

/** In a data folder: its own languages. */
const ownFolder = 'languages';
const builtIn = path.join(import.meta.dirname, 'languages');
const fallback = 'en';
const tagForm = /^[a-z]{1,8}(-[a-z0-9]{1,8})*$/;

/**
 * The words of a language tag such as `de-AT`: from the file of this tag, or else of its language, a data
 * folder's own file before pinwalk's; or else English. Some 0.1 ms. Throws `language-unusable`, which names the
 * file and its fault.
 */
export function wordsOf(tag: string, { root }: Pick<DataFolder, 'root'>): Words {
  const name = tag.toLowerCase();
  for (const each of [name, name.split('-')[0]!, fallback]) {
    if (!tagForm.test(each)) continue;
    for (const folder of [path.join(root, ownFolder), builtIn]) {
      const file = path.join(folder, `${each}.json`);
      if (existsSync(file)) return readWords(file);
    }
  }
  return readWords(path.join(builtIn, `${fallback}.json`));
}

/** The words of a tag, or English if their file cannot be used: a person who leaves must not wait until somebody has mended it. */
export function wordsOrEnglish(tag: string, folder: Pick<DataFolder, 'root'>, onFault: (fault: string) => void): Words {
  try {
    return wordsOf(tag, folder);
  } catch (error) {
    onFault(messageOf(error));
    return readWords(path.join(builtIn, `${fallback}.json`));
  }
} // prettier-ignore

/** The message has no path: responses may contain it. */
function readWords(file: string): Words {
  const unusable = (fault: string): DataError =>
    new DataError('language-unusable', `${ownFolder}/${path.basename(file)} cannot be used: ${fault}; mend it, or delete it`);
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw unusable(error instanceof SyntaxError ? error.message : 'it cannot be read');
  }
  const parsed = wordsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw unusable(parsed.error.issues.map((issue) => [issue.path.join('.'), issue.message].filter((part) => part !== '').join(': ')).join('; '));
} // prettier-ignore
