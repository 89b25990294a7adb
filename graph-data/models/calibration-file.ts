import path from 'node:path';
import type { DataFolder } from '../data-folder.ts';
import { writeFileDurably, writeFully } from '../durable-files.ts';
import type { LoadedModel } from './load-model.ts';
import { type RefreshedCalibration, trailingDays } from './trailing-rows.ts';

/** Beside a model: its calibration of the last midnight, for people to look at. It follows from the interactions. */
function calibrationFile({ root }: Pick<DataFolder, 'root'>, version: string): string {
  return path.join(root, 'models', `${version}.calibration.json`);
}

/** Writes the calibration that serves. */
export function writeCalibration(
  folder: Pick<DataFolder, 'root'>,
  { version, header }: LoadedModel,
  { at, rows, positives, by }: RefreshedCalibration,
): void {
  const surfaces = [...by.channels].toSorted(([a], [b]) => a - b);
  const content = {
    model: version,
    label: header.label,
    at: new Date(at).toISOString(),
    days: trailingDays,
    rows,
    positives,
    all: by.all,
    surfaces: surfaces.map(([channel, { slope, intercept }]) => ({
      surface: header.channels[channel] ?? null,
      slope,
      intercept,
    })),
  };
  const text = `${JSON.stringify(content, null, 2)}\n`;
  writeFileDurably(calibrationFile(folder, version), (fd) => writeFully(fd, Buffer.from(text)));
}
