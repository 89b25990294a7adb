import { type Context, createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Address } from '../address/index.ts';
import type { RestClient } from '../rest/index.ts';
import type { TitleBook } from '../titles/index.ts';

/** Something that was done, told for some seconds, with a way back. */
export interface Notice {
  readonly text: string;
  readonly undo?: () => Promise<void>;
}

/** What every part of the page works with. */
export interface Explorer {
  readonly client: RestClient;
  readonly titles: TitleBook;
  readonly address: Address;
  /** Shows another view. `replace` leaves no step to go back to, for what changes while a slider moves. */
  readonly go: (to: Address, how?: 'push' | 'replace') => void;
  /** Changes when answers may: another key is used, or something was saved. What depends on it asks anew. */
  readonly version: number;
  /** Says that something was written. */
  readonly noteChange: () => void;
  readonly tell: (notice: Notice) => void;
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
