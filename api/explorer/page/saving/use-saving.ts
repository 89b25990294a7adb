import { useExplorer } from '../context/index.ts';
import { RestProblem } from '../rest/index.ts';

/** A pin on a board of a user. */
export interface SaveName {
  readonly user: string;
  readonly board: string;
  readonly pin: string;
}

/** Saving and taking off, told in the page's notice, with a way back. The answers on the page are asked anew. */
export function useSaving(): {
  /** Resolves to what went wrong, if anything did. */
  readonly save: (name: SaveName) => Promise<string | undefined>;
  readonly takeOff: (name: SaveName) => Promise<string | undefined>;
} {
  const { client, titles, noteChange, tell } = useExplorer();
  const change = async (method: 'post' | 'delete', name: SaveName): Promise<string | undefined> => {
    try {
      await client[method]('/v1/saves', name);
    } catch (error) {
      if (!(error instanceof RestProblem)) throw error;
      tell({ text: error.message });
      return error.message;
    }
    noteChange();
    const pin = await titles.find({ kind: 'pin', key: name.pin });
    const board = await titles.find({ kind: 'board', key: name.board });
    const isSave = method === 'post';
    tell({
      text: isSave ? `${pin} is on ${board} now.` : `${pin} is off ${board}.`,
      undo: async () => void (await change(isSave ? 'delete' : 'post', name)),
    });
    return undefined;
  };
  return {
    save: async (name) => change('post', name),
    takeOff: async (name) => change('delete', name),
  };
}
