import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useExplorer } from '../context/index.ts';
import { SaveDialog } from './save-dialog.tsx';
import { type SaveName, useSaving } from './use-saving.ts';

/** Saves a pin to a board that the visitor names. */
export function SaveButton({
  pin,
  user,
  isPrimary = false,
}: {
  pin: string;
  /** Whose board it is going to be, probably. */
  user?: string;
  isPrimary?: boolean;
}): JSX.Element {
  const { titles } = useExplorer();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      {isPrimary ? (
        <button type="button" class="button primary" onClick={() => setOpen(true)}>
          Save…
        </button>
      ) : (
        <button
          type="button"
          class="icon-button"
          aria-label={`Save ${titles.known('pin', pin)}`}
          title="Save to a board"
          onClick={() => setOpen(true)}
        >
          <Bookmark />
        </button>
      )}
      {isOpen && <SaveDialog pin={pin} user={user} onClose={() => setOpen(false)} />}
    </>
  );
}

/** Saves a pin to the board at hand. */
export function SaveToButton({ save: name }: { save: SaveName }): JSX.Element {
  const { titles } = useExplorer();
  const { save } = useSaving();
  const [isBusy, setBusy] = useState(false);
  return (
    <button
      type="button"
      class="icon-button"
      disabled={isBusy}
      aria-label={`Save ${titles.known('pin', name.pin)} to this board`}
      title="Save to this board"
      onClick={() => {
        setBusy(true);
        void save(name).then(() => setBusy(false));
      }}
    >
      <Bookmark />
    </button>
  );
}

/** Takes a pin off the board at hand. */
export function TakeOffButton({ save: name }: { save: SaveName }): JSX.Element {
  const { titles } = useExplorer();
  const { takeOff } = useSaving();
  const [isBusy, setBusy] = useState(false);
  return (
    <button
      type="button"
      class="icon-button small"
      disabled={isBusy}
      aria-label={`Take ${titles.known('pin', name.pin)} off this board`}
      title="Take off this board"
      onClick={() => {
        setBusy(true);
        void takeOff(name).then(() => setBusy(false));
      }}
    >
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <path d="m6 6 8 8m0-8-8 8" />
      </svg>
    </button>
  );
}

function Bookmark(): JSX.Element {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true">
      <path d="M10 4.5v11M4.5 10h11" />
    </svg>
  );
}
