import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useExplorer } from '../context/index.ts';
import { useTitle } from '../titles/index.ts';
import { useSaving } from './use-saving.ts';

const lastName = 'pinwalk.board';

/** Asks for the board; the one of last time is offered. Both user and board may be new. */
export function SaveDialog({
  pin,
  user,
  onClose,
}: {
  pin: string;
  user: string | undefined;
  onClose: () => void;
}): JSX.Element {
  const { titles } = useExplorer();
  const { save } = useSaving();
  const dialog = useRef<HTMLDialogElement>(null);
  const [fault, setFault] = useState<string>();
  const title = useTitle(titles, { kind: 'pin', key: pin });
  const last = lastUsed();
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  const submit = async (form: HTMLFormElement): Promise<void> => {
    const data = new FormData(form);
    const name = { user: textOf(data, 'user'), board: textOf(data, 'board') };
    if (name.user === '' || name.board === '') return;
    const told = await save({ ...name, pin });
    if (told === undefined) {
      sessionStorage.setItem(lastName, JSON.stringify(name));
      dialog.current?.close();
    } else setFault(told);
  };
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="save-title" onClose={onClose}>
      <form
        onSubmit={(event: SubmitEvent) => {
          event.preventDefault();
          void submit(event.currentTarget as HTMLFormElement);
        }}
      >
        <h2 id="save-title">Save {title}</h2>
        <p class="quiet">User and board may be new. Answers know of it at once.</p>
        <label class="field">
          <span>User</span>
          <input
            name="user"
            type="text"
            required
            autocomplete="off"
            defaultValue={user ?? last?.user ?? 'you'}
          />
        </label>
        <label class="field">
          <span>Board</span>
          <input
            name="board"
            type="text"
            required
            autocomplete="off"
            defaultValue={user === undefined || user === last?.user ? (last?.board ?? 'you/finds') : ''}
          />
        </label>
        {fault !== undefined && (
          <p class="warn" role="alert">
            {fault}
          </p>
        )}
        <div class="row end">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class="button primary">
            Save
          </button>
        </div>
      </form>
    </dialog>
  );
}

function textOf(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

function lastUsed(): { user: string; board: string } | undefined {
  const text = sessionStorage.getItem(lastName);
  return text === null ? undefined : (JSON.parse(text) as { user: string; board: string });
}
