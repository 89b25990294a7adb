import { type Context, createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Address } from '../address/index.ts';
import type { RestClient } from '../rest/index.ts';

/** What every part of the page works with. */
export interface Explorer {
  readonly client: RestClient;
  readonly address: Address;
  /** Shows another view. `replace` leaves no step to go back to, for what changes while a slider moves. */
  readonly go: (to: Address, how?: 'push' | 'replace') => void;
  /** Changes when another key is used: what depends on it asks anew. */
  readonly keyVersion: number;
  /** Whether images may be loaded from other hosts. */
  readonly showsImages: boolean;
  readonly setShowsImages: (showsImages: boolean) => void;
}

export const ExplorerContext: Context<Explorer | undefined> = createContext<Explorer | undefined>(undefined);

export function useExplorer(): Explorer {
  const explorer = useContext(ExplorerContext);
  if (explorer === undefined) throw new Error('outside of the explorer');
  return explorer;
}
