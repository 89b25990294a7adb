import type { z } from 'zod';
import type { OwnPresets } from '../../../engine/index.ts';
import type { DataFolder } from '../../../graph-data/base/index.ts';
import { presetsFile, readPresets } from '../../../graph-data/presets/index.ts';
import { WatchedFile } from '../watched-file.ts';
import { type RecommendationInput, type RecommendationRequest, requestSchema } from '../../contract/index.ts';

/** A data folder's own presets, in memory: a running server knows a preset that `pinwalk sweep --promote` has made. */
export class PresetCatalog {
  /** Checks a request, and resolves the preset that it names. One schema for all requests. */
  readonly request: z.ZodType<RecommendationRequest, RecommendationInput> = requestSchema(() => this.presets);
  readonly #file: WatchedFile<OwnPresets>;

  /**
   * Throws `presets-unusable`. A file that becomes faulty later is reported to `onFault`, and the last good presets stay;
   * so is a file that was edited, whose presets are served.
   */
  constructor(folder: Pick<DataFolder, 'root'>, now: () => number, onFault: (error: unknown) => void) {
    const read = (): OwnPresets => readPresets(folder, onFault);
    this.#file = new WatchedFile({ file: presetsFile(folder), read, now, onFault });
  }

  get presets(): OwnPresets {
    return this.#file.value;
  }
}
