import path from 'node:path';
import { z } from 'zod';
import type { DataFolder } from '../data-folder.ts';
import { type EntriesFile, readEntries, writeEntries } from '../entries-file.ts';
import { DataError } from '../errors.ts';
import { interestIdPattern } from './tree-file.ts';

const id = z.string().regex(interestIdPattern, 'is not the id of an interest');

/** What an operator changes of an interest; an empty edit is none. */
export const interestEditFields = {
  name: z.string().trim().min(1).max(100).optional().describe('In place of the name that the build found.'),
  hidden: z
    .boolean()
    .optional()
    .describe('Whether it is left out of lists and of what people like, with all below it.'),
  mergedInto: id.optional().describe('The interest that its pins and its descendants belong to.'),
};

const storedEdit = z.strictObject(interestEditFields);
export type InterestEdit = Readonly<z.output<typeof storedEdit>>;
/** By the id of the interest. */
export type InterestEdits = ReadonlyMap<string, InterestEdit>;

/** The JSON file of a data folder's edits of interests. */
export function editsFile(folder: Pick<DataFolder, 'root'>): string {
  return path.join(folder.root, 'interests.json');
}

/**
 * A data folder's edits of interests; none if it has no such file. Calls `onEdited` if the file is not as pinwalk wrote it. Throws
 * `interests-unusable`, with the file, the interest and the remedy.
 */
export function readEdits(
  folder: Pick<DataFolder, 'root'>,
  onEdited?: (warning: DataError) => void,
): InterestEdits {
  const edits = new Map<string, InterestEdit>();
  for (const [key, entry] of Object.entries(readEntries(fileOf(folder), onEdited))) {
    const { data, error } = storedEdit.safeParse(entry);
    const isId = interestIdPattern.test(key);
    if (data !== undefined && isId) edits.set(key, data);
    else {
      const fault = isId
        ? `${error!.issues[0]!.path.join('.')} ${error!.issues[0]!.message}`
        : 'its id is none';
      const message = `${editsFile(folder)}: interest "${key}": ${fault}; fix it, or remove it from the file`;
      throw new DataError('interests-unusable', message);
    }
  }
  return edits;
}

/** Replaces all edits of a folder, durably. */
export function writeEdits(folder: DataFolder, edits: InterestEdits): void {
  writeEntries(fileOf(folder), Object.fromEntries(edits));
}

function fileOf(folder: Pick<DataFolder, 'root'>): EntriesFile {
  const remedy = 'fix it, or delete it and edit the interests again';
  return { file: editsFile(folder), member: 'interests', code: 'interests-unusable', remedy };
}
