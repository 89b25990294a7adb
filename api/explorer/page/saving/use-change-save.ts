import { useExplorer } from '../context/index.ts';
import { RestProblem } from '../rest/index.ts';

/** A pin on a board of a user. */
export interface SaveKeys {
  readonly user: string;
  readonly board: string;
  readonly pin: string;
}

type ChangeSave = (change: 'save' | 'remove', save: SaveKeys) => Promise<string | undefined>;

/**
 * Saves a pin or removes a save, reports it in a notice that can undo it, and reloads the data on the page. Resolves to
 * the message of a problem, if there was one.
 */
export function useChangeSave(): ChangeSave {
  const { client, titles, onWrite, notify } = useExplorer();
  const changeSave: ChangeSave = async (change, save) => {
    const isSave = change === 'save';
    try {
      await client[isSave ? 'post' : 'delete']('/v1/saves', save);
    } catch (error) {
      const { message } = RestProblem.from(error);
      notify({ text: message });
      return message;
    }
    onWrite();
    const pin = await titles.load({ kind: 'pin', key: save.pin });
    const board = await titles.load({ kind: 'board', key: save.board });
    notify({
      text: isSave ? `Saved ${pin} to ${board}.` : `Removed ${pin} from ${board}.`,
      undo: async () => void (await changeSave(isSave ? 'remove' : 'save', save)),
    });
    return undefined;
  };
  return changeSave;
}
