import path from 'node:path';
import { z } from 'zod';
import { backupUnusable } from './container.ts';
import { type Manifest, parseManifest } from './manifest.ts';

/** Names within the folder of a publication. */
export const latestName = 'LATEST.json';
export const generationsName = 'generations';
export const contentsName = 'files';

/** What `LATEST.json` and the file of each generation say: the manifest of a backup, and where changes come from. */
export interface Publication extends Manifest {
  /** Address of the server that takes writes; null if it is not known. */
  readonly writer: string | null;
}

const writerSchema = z.looseObject({ writer: z.string().nullable() });

/** Throws `backup-unusable`. */
export function parsePublication(source: string, text: string): Publication {
  try {
    const { writer, ...manifest } = writerSchema.parse(JSON.parse(text));
    return { ...parseManifest(source, JSON.stringify(manifest)), writer };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
    throw backupUnusable(source, `its ${latestName} is damaged`);
  }
}

/** Each content is a file with the name of its SHA-256. */
export function contentName(sha256: string): string {
  return path.posix.join(contentsName, sha256);
}
