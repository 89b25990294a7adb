import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useExplorer } from '../context/index.ts';
import { IconButton } from '../controls/index.ts';
import { SaveDialog } from './save-dialog.tsx';

/** Saves a pin to a board that the visitor names. */
export function SaveButton({
  pin,
  user,
  isPrimary = false,
}: {
  pin: string;
  /** The owner to suggest for the board. */
  user?: string;
  isPrimary?: boolean;
}): JSX.Element {
  const { titles } = useExplorer();
  const [isOpen, setOpen] = useState(false);
  const open = (): void => setOpen(true);
  return (
    <>
      {isPrimary ? (
        <button type="button" class="button primary" onClick={open}>
          Save…
        </button>
      ) : (
        <IconButton
          icon="plus"
          label={`Save ${titles.get({ kind: 'pin', key: pin })}`}
          title="Save to a board"
          onClick={open}
        />
      )}
      {isOpen && <SaveDialog pin={pin} user={user} onClose={() => setOpen(false)} />}
    </>
  );
}
