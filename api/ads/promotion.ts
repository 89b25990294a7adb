import { type DataFolder, activeLabels, billedActions, modelPointerFile } from '../../graph-data/index.ts';
import type { PromotedSlots } from '../contract/index.ts';
import { WatchedFile } from '../recommend/index.ts';

interface PromotionDeps {
  readonly folder: DataFolder;
  readonly settings: { readonly promotedMinRelevance: number };
  /** Milliseconds, never going back. */
  readonly now: () => number;
  readonly onFault: (error: unknown) => void;
  /** `readyOf`: those of some labels whose active models can score now. */
  readonly models: { readonly readyOf: (labels: readonly string[]) => readonly string[] };
}

/** What a server decides about promoted slots: the models are looked at with the first of them. */
export function createPromotion(deps: PromotionDeps): () => Pick<PromotedSlots, 'minRelevance' | 'models'> {
  const { folder, settings, now, onFault, models } = deps;
  let labels: WatchedFile<readonly string[]> | undefined;
  const read = (): string[] => billedActions.filter((label) => activeLabels(folder).includes(label));
  return () => {
    labels ??= new WatchedFile({ file: modelPointerFile(folder), read, now, onFault });
    return { minRelevance: settings.promotedMinRelevance, models: models.readyOf(labels.value) };
  };
}
