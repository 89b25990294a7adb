import { InvalidArgumentError } from 'commander';
import { type TuneReport, tunePresets } from '../../../api/offline/tune-presets/index.ts';
import type { DataFolder } from '../../../graph-data/base/index.ts';
import { listModels } from '../../../graph-data/models/index.ts';
import { linearOfBuild } from '../../../graph-data/snapshot/index.ts';
import { FolderNames, readFolderSaves } from '../../../graph-data/splits/index.ts';
import { offlineModels } from '../../../api/offline/evaluate/index.ts';
import { stoppable } from '../../output.ts';

/** Less is over before anything is measured. */
const secondsMin = 10;
const secondsMax = 86_400;

/** `120`: the budget of a tuning, in seconds. */
export function tuneSeconds(text: string): number {
  const seconds = text.trim() === '' ? NaN : Number(text);
  if (Number.isInteger(seconds) && seconds >= secondsMin && seconds <= secondsMax) return seconds;
  throw new InvalidArgumentError(
    `Not an integer in [${secondsMin}, ${secondsMax}]: measuring takes time; 120 suits most graphs.`,
  );
}

/** Tunes the presets on the saves of a data folder. */
export async function runTune(
  folder: DataFolder,
  {
    seconds,
    randomSeed,
    threads,
    exact,
  }: Pick<Parameters<typeof tunePresets>[1], 'seconds' | 'randomSeed' | 'threads' | 'exact'>,
): Promise<TuneReport> {
  const saves = readFolderSaves(folder);
  using names = new FolderNames(folder, saves);
  // The weights of others have seen the held-out saves.
  const labels = listModels(folder).flatMap(({ active, header }) =>
    active && header?.online === true ? header.label : [],
  );
  return await stoppable((signal, progress) =>
    tunePresets(saves, {
      seconds,
      randomSeed,
      threads,
      exact,
      linear: linearOfBuild(folder),
      models:
        labels.length === 0 ? undefined : { ...offlineModels(folder.root, names, saves.pinCount), labels },
      signal,
      now: () => performance.now(),
      onProgress: (preset, share) => progress.report(`tuning ${preset}`, share, 'of the planned work'),
    }),
  );
}
