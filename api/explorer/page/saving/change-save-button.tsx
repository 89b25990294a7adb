import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useExplorer } from '../context/index.ts';
import { IconButton } from '../controls/index.ts';
import { type SaveKeys, useChangeSave } from './use-change-save.ts';

/** Saves a pin to the board of the page, or removes it from that board. */
export function ChangeSaveButton({
  change,
  save,
}: {
  change: 'save' | 'remove';
  save: SaveKeys;
}): JSX.Element {
  const { titles } = useExplorer();
  const changeSave = useChangeSave();
  const [isBusy, setBusy] = useState(false);
  const pin = titles.get({ kind: 'pin', key: save.pin });
  const isSave = change === 'save';
  return (
    <IconButton
      icon={isSave ? 'plus' : 'close'}
      class={isSave ? '' : 'small'}
      label={isSave ? `Save ${pin} to this board` : `Remove ${pin} from this board`}
      title={isSave ? 'Save to this board' : 'Remove from this board'}
      isDisabled={isBusy}
      onClick={() => {
        setBusy(true);
        void changeSave(change, save).then(() => setBusy(false));
      }}
    />
  );
}
