import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** Why a pin is sent: it goes with a saved one, is new of an interest or on a board, or is popular. */
const templateKinds = ['saved', 'interest', 'board', 'popular'] as const;
export type TemplateKind = (typeof templateKinds)[number];

const line = z.string().trim().min(1).max(200);
/** By name. `{of}` stands for what it is about: a saved pin, an interest, a board. */
const templates = z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), line).refine((all) => Object.keys(all).length > 0, 'has no template'); // prettier-ignore

/**
 * What surrounds the pins of a notification, in one language: plain text. A file of `languages/`, named by the tag of the language; a
 * language may lack templates that others have.
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

const folder = path.join(import.meta.dirname, 'languages');
const fallback = 'en';

/** The words of a language tag such as `de-AT`: those of its language, or English. Some 0.1 ms. Throws if a file is no language, naming it. */
export function wordsOf(tag: string): Words {
  const [language = ''] = tag.toLowerCase().split('-');
  const file = path.join(folder, `${language}.json`);
  return readWords(
    /^[a-z]+$/.test(language) && existsSync(file) ? file : path.join(folder, `${fallback}.json`),
  );
}

function readWords(file: string): Words {
  const parsed = wordsSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`${file} is no language of notifications: ${faults.join('; ')}`);
}
