import { type Context, createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Address } from '../address/index.ts';
import type { RestClient } from '../rest/index.ts';
import type { TitleCache } from '../titles/index.ts';
import type { TrafficHistory } from '../traffic/index.ts';

/** A message about something done, shown for some seconds, with a way to undo it. */
export interface Notice {
  readonly text: string;
  readonly undo?: () => Promise<void>;
}

/** What every part of the page works with. */
export interface Explorer {
  readonly client: RestClient;
  readonly titles: TitleCache;
  readonly traffic: TrafficHistory;
  readonly address: Address;
  /** Shows another view. `replace` adds no entry to the history, for changes while a slider moves. */
  readonly go: (to: Address, how?: 'push' | 'replace') => void;
  /** Changes when responses may: after a write, or with another key. Data that depends on it is loaded again. */
  readonly version: number;
  /** Called after a write. */
  readonly onWrite: () => void;
  readonly notify: (notice: Notice) => void;
  /** Whether images may be loaded from other hosts. */
  readonly showsImages: boolean;
  readonly setShowsImages: (showsImages: boolean) => void;
}

export const ExplorerContext: Context<Explorer | undefined> = createContext<Explorer | undefined>(undefined);

export function useExplorer(): Explorer {
  const explorer = useContext(ExplorerContext);
  if (explorer === undefined) throw new Error('no ExplorerContext around this component');
  return explorer;
}
