/** From Parquet to an active snapshot in an empty folder, by one of two paths; prints its steps as JSON. */
import {
  type SavesInMemory,
  activateSnapshot,
  buildSnapshot,
  importFiles,
  importLake,
  openDataFolder,
} from '../../../graph-data/index.ts';
import { type Stage, StageClock } from './stages.ts';

export interface ChildReport {
  readonly stages: readonly Stage[];
  readonly saves: number;
  readonly duplicates: number;
}

const [path = '', file = '', root = '', memory] = process.argv.slice(2);
const folder = openDataFolder(root);
const clock = new StageClock('start');
clock.begin(path === 'lake' ? 'checking rows' : 'reading and writing saves');
let duplicates: number;
let saves: SavesInMemory | undefined;
if (path === 'lake') {
  const report = await importLake(folder, file, {
    memory,
    keep: (kept) => (saves = kept),
    onProgress: ({ doing }) => clock.begin(doing),
  });
  duplicates = report.duplicate;
} else {
  const { files } = await importFiles(folder, [file], {
    onProgress: ({ phase }) => clock.begin(phase === 'reading' ? 'reading and writing saves' : 'indexing'),
  });
  duplicates = files[0]!.duplicate;
}
clock.begin('build');
const built = await buildSnapshot(folder, () => performance.now(), { analysis: false, saves });
clock.begin('activate');
activateSnapshot(folder, built.version);
clock.end();
process.stdout.write(
  JSON.stringify({ stages: clock.stages, saves: built.saves, duplicates } satisfies ChildReport),
);
