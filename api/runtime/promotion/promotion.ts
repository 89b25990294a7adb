import { type DataFolder, billedActions, hasCampaigns } from '../../../graph-data/base/index.ts';
import { activeLabels, modelPointerFile } from '../../../graph-data/models/index.ts';
import type { PromotedSlots } from '../../contract/index.ts';
import { WatchedFile } from '../../recommend/index.ts';
import type * as CampaignCode from './campaign-code.ts';

interface PromotionDeps {
  readonly folder: DataFolder;
  readonly settings: { readonly promotedMinRelevance: number };
  /** Milliseconds, never going back. */
  readonly now: () => number;
  readonly onFault: (error: unknown) => void;
  /** `readyOf`: those of some labels whose active models can score now. */
  readonly models: { readonly readyOf: (labels: readonly string[]) => readonly string[] };
}

/** A server's door to campaigns, and its decisions about promoted slots; it logs once why they stay empty. */
export class Promotion {
  readonly #deps: PromotionDeps;
  #labels: WatchedFile<readonly string[]> | undefined;
  #code: Promise<typeof CampaignCode> | undefined;
  readonly #faults = new Map<'reading' | 'writing', string>();

  constructor(deps: PromotionDeps) {
    this.#deps = deps;
  }

  /** The code of campaigns. A server without any serves and records everything else without loading it. */
  async code(): Promise<typeof CampaignCode> {
    return (this.#code ??= import('./campaign-code.ts'));
  }

  /** Undefined while there is no campaign. */
  async codeIfUsed(): Promise<typeof CampaignCode | undefined> {
    return hasCampaigns(this.#deps.folder) ? this.code() : undefined;
  }

  /** The models are looked at with the first call. */
  decide(): Pick<PromotedSlots, 'minRelevance' | 'models'> {
    const { folder, settings, now, onFault, models } = this.#deps;
    const read = (): string[] => billedActions.filter((label) => activeLabels(folder).includes(label));
    this.#labels ??= new WatchedFile({ file: modelPointerFile(folder), read, now, onFault });
    return { minRelevance: settings.promotedMinRelevance, models: models.readyOf(this.#labels.value) };
  }

  /** Whether campaigns could be read, or written, for a list, and if not, why: logged when it changes. */
  report(part: 'reading' | 'writing', fault: string | undefined): void {
    if (fault === undefined) this.#faults.delete(part);
    else if (fault !== this.#faults.get(part)) {
      this.#faults.set(part, fault);
      this.#deps.onFault(`lists are sent without promoted pins: ${fault}`);
    }
  }
}
