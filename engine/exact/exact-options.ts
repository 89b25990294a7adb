import type { Work } from '../base/index.ts';
import type { Specificity } from '../rank/index.ts';

/** What an exact algorithm takes beside its parameters. */
export interface ExactOptions {
  /** Default: none. */
  readonly specificity?: Specificity | undefined;
  /** Default: without a limit. */
  readonly work?: Work | undefined;
  /** Whether masses that were the last ones too are scored again, for `paths` alone. Default: false. */
  readonly reusesMasses?: boolean | undefined;
}
