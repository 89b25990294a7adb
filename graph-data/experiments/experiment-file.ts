import path from 'node:path';
import { faultsOf } from '../../engine/pipeline/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { type EntriesFile, readEntries, writeEntries } from '../entries-file.ts';
import { DataError } from '../errors.ts';
import { type Experiment, experimentId, storedExperiment } from './experiment.ts';

/** The JSON file of a data folder's experiments. */
export function experimentsFile(folder: Pick<DataFolder, 'root'>): string {
  return path.join(folder.root, 'experiments.json');
}

/**
 * A data folder's experiments by id; none if it has no such file. Calls `onEdited` if the file is not as pinwalk wrote it. Throws
 * `experiments-unusable`, with the file, the experiment and the remedy.
 */
export function readExperiments(
  folder: Pick<DataFolder, 'root'>,
  onEdited?: (warning: DataError) => void,
): ReadonlyMap<string, Experiment> {
  const read = new Map<string, Experiment>();
  for (const [id, entry] of Object.entries(readEntries(fileOf(folder), onEdited))) {
    const parsed = storedExperiment.safeParse(entry);
    const fault = experimentId.safeParse(id).success ? faultOf(parsed) : 'its id is none';
    if (fault !== undefined) {
      const remedy = 'fix it, or remove it from the file';
      throw new DataError(
        'experiments-unusable',
        `${experimentsFile(folder)}: experiment "${id}": ${fault}; ${remedy}`,
      );
    }
    read.set(id, parsed.data!);
  }
  return read;
}

/** Replaces all experiments of a folder, durably. */
export function writeExperiments(folder: DataFolder, experiments: ReadonlyMap<string, Experiment>): void {
  writeEntries(fileOf(folder), Object.fromEntries(experiments));
}

function faultOf({ data, error }: ReturnType<typeof storedExperiment.safeParse>): string | undefined {
  if (data === undefined) {
    const [issue] = error.issues;
    return `${issue!.path.join('.')} ${issue!.message}`;
  }
  const [first] = data.arms.flatMap(({ settings }) => (settings === undefined ? [] : faultsOf(settings)));
  return first && `${first.name}: ${first.message}`;
}

function fileOf(folder: Pick<DataFolder, 'root'>): EntriesFile {
  const remedy = 'fix it, or delete it and define its experiments again';
  return { file: experimentsFile(folder), member: 'experiments', code: 'experiments-unusable', remedy };
}
