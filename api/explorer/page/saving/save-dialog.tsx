import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useTitle } from '../context/index.ts';
import { Dialog, textOf } from '../controls/index.ts';
import { useChangeSave } from './use-change-save.ts';

const lastName = 'pinwalk.board';

/** Prompts for a board and its owner and suggests those of the last save. */
export function SaveDialog({
  pin,
  user,
  onClose,
}: {
  pin: string;
  user: string | undefined;
  onClose: () => void;
}): JSX.Element {
  const changeSave = useChangeSave();
  const [refusal, setRefusal] = useState<string>();
  const last = lastUsed();
  const submit = async (form: FormData, close: () => void): Promise<void> => {
    const names = { user: textOf(form, 'user'), board: textOf(form, 'board') };
    if (names.user === '' || names.board === '') return;
    const message = await changeSave('save', { ...names, pin });
    setRefusal(message);
    if (message !== undefined) return;
    sessionStorage.setItem(lastName, JSON.stringify(names));
    close();
  };
  return (
    <Dialog
      title={`Save ${useTitle({ kind: 'pin', key: pin })}`}
      submit={{ text: 'Save' }}
      onSubmit={(form, close) => void submit(form, close)}
      onClose={onClose}
    >
      <p class="quiet">New users and boards are created; recommendations update immediately.</p>
      <TextField name="user" label="User" value={user ?? last?.user ?? 'you'} />
      <TextField
        name="board"
        label="Board"
        value={user === undefined || user === last?.user ? (last?.board ?? 'you/finds') : ''}
      />
      {refusal !== undefined && (
        <p class="warn" role="alert">
          {refusal}
        </p>
      )}
    </Dialog>
  );
}

function TextField({ name, label, value }: { name: string; label: string; value: string }): JSX.Element {
  return (
    <label class="field">
      <span>{label}</span>
      <input name={name} type="text" required autocomplete="off" defaultValue={value} />
    </label>
  );
}

function lastUsed(): { user: string; board: string } | undefined {
  const text = sessionStorage.getItem(lastName);
  return text === null ? undefined : (JSON.parse(text) as { user: string; board: string });
}
