import { cpSync, existsSync } from 'node:fs';
import { type DataFolder, openDataFolder } from '../../../graph-data/index.ts';

/** Copies the downloaded sample of another data folder, if it has one. */
export function copyDownloads(from: string | undefined, to: DataFolder): void {
  const downloads = from === undefined ? undefined : openDataFolder(from).downloads;
  if (downloads !== undefined && existsSync(downloads)) cpSync(downloads, to.downloads, { recursive: true });
}
