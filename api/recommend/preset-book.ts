import { statSync } from 'node:fs';
import type { z } from 'zod';
import { type DataFolder, type OwnPresets, presetsFile, readPresets } from '../../graph-data/index.ts';
import { type RecommendationRequest, requestSchema } from '../contract/index.ts';

/** How old what is known of the presets may be. */
const ageMsMax = 500;

/**
 * A data folder's own presets, in memory. Who asks half a second after the last look or later looks again whether the file
 * has changed: so a running server knows a preset that `pinwalk sweep --promote` has made, and no request reads a file.
 */
export class PresetBook {
  /** Checks a request, and gives it the preset that it names. One for all who ask: schemas are not made for each. */
  readonly request: z.ZodType<RecommendationRequest> = requestSchema(() => this.presets);
  readonly #folder: Pick<DataFolder, 'root'>;
  readonly #now: () => number;
  readonly #onFault: (error: unknown) => void;
  #presets: OwnPresets;
  #lookedAt: number;
  #seen: string;

  /** Reads the presets: throws `presets-unusable`. When they are faulty later, `onFault` hears it, and the last good ones stay. */
  constructor(folder: Pick<DataFolder, 'root'>, now: () => number, onFault: (error: unknown) => void) {
    this.#folder = folder;
    this.#now = now;
    this.#onFault = onFault;
    this.#seen = this.#look();
    this.#lookedAt = now();
    this.#presets = readPresets(folder);
  }

  get presets(): OwnPresets {
    const now = this.#now();
    if (now - this.#lookedAt < ageMsMax) return this.#presets;
    this.#lookedAt = now;
    const seen = this.#look();
    if (seen === this.#seen) return this.#presets;
    this.#seen = seen;
    try {
      this.#presets = readPresets(this.#folder);
    } catch (error) {
      this.#onFault(error);
    }
    return this.#presets;
  }

  /** The file as it is told from others: each change is a new file. */
  #look(): string {
    const stats = statSync(presetsFile(this.#folder), { throwIfNoEntry: false, bigint: true });
    return stats === undefined ? '' : `${stats.ino} ${stats.mtimeNs} ${stats.size}`;
  }
}
