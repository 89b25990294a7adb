import { statSync } from 'node:fs';
import type { z } from 'zod';
import type { OwnPresets } from '../../engine/index.ts';
import type { DataFolder } from '../../graph-data/base/index.ts';
import { presetsFile, readPresets } from '../../graph-data/presets/index.ts';
import { type RecommendationInput, type RecommendationRequest, requestSchema } from '../contract/index.ts';

/** Age after which the file is looked at again, in milliseconds. */
const ageMsMax = 500;

/**
 * A data folder's own presets, in memory. The first use half a second after the last look checks whether the file has
 * changed: so a running server knows a preset that `pinwalk sweep --promote` has made, and no request reads a file.
 */
export class PresetCatalog {
  /** Checks a request, and resolves the preset that it names. One schema for all requests. */
  readonly request: z.ZodType<RecommendationRequest, RecommendationInput> = requestSchema(() => this.presets);
  readonly #folder: Pick<DataFolder, 'root'>;
  readonly #now: () => number;
  readonly #onFault: (error: unknown) => void;
  #presets: OwnPresets;
  #checkedAt: number;
  #stamp: string;

  /** Throws `presets-unusable`. A file that becomes faulty later is reported to `onFault`, and the last good presets stay; so is a file
   * that was edited, whose presets are served. */
  constructor(folder: Pick<DataFolder, 'root'>, now: () => number, onFault: (error: unknown) => void) {
    this.#folder = folder;
    this.#now = now;
    this.#onFault = onFault;
    this.#stamp = this.#fileStamp();
    this.#checkedAt = now();
    this.#presets = readPresets(folder, onFault);
  }

  get presets(): OwnPresets {
    const now = this.#now();
    if (now - this.#checkedAt < ageMsMax) return this.#presets;
    this.#checkedAt = now;
    const stamp = this.#fileStamp();
    if (stamp === this.#stamp) return this.#presets;
    this.#stamp = stamp;
    try {
      this.#presets = readPresets(this.#folder, this.#onFault);
    } catch (error) {
      this.#onFault(error);
    }
    return this.#presets;
  }

  /** Changes whenever the file does: each version is a new file. */
  #fileStamp(): string {
    const stats = statSync(presetsFile(this.#folder), { throwIfNoEntry: false, bigint: true });
    return stats === undefined ? '' : `${stats.ino} ${stats.mtimeNs} ${stats.size}`;
  }
}
