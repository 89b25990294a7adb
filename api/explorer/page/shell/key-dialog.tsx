import type { JSX } from 'preact';
import { Dialog, textOf } from '../controls/index.ts';

/** Prompts for an API key, which is kept while the tab is open and sent to this server only. */
export function KeyDialog({
  refusal,
  hasKey,
  onKey,
  onClose,
}: {
  /** Why the server refused a call; empty when the visitor opened the dialog. */
  refusal: string;
  hasKey: boolean;
  onKey: (key: string | undefined) => void;
  onClose: () => void;
}): JSX.Element {
  return (
    <Dialog
      title="API key"
      submit={{ text: 'Use this key' }}
      buttons={
        hasKey && (
          <button type="button" class="button" onClick={() => onKey(undefined)}>
            Forget the key
          </button>
        )
      }
      onSubmit={(form) => {
        const key = textOf(form, 'key');
        if (key !== '') onKey(key);
      }}
      onClose={onClose}
    >
      {refusal === '' ? (
        <p class="quiet">It is sent with every request to this server.</p>
      ) : (
        <p class="warn" role="alert">
          The server refused the request: {refusal}.
        </p>
      )}
      <label class="field">
        <span>Key</span>
        <input name="key" type="password" autocomplete="off" spellcheck={false} required autoFocus />
      </label>
      <p class="quiet">
        <code>pinwalk keys create</code> creates a key. This tab keeps it until it is closed.
      </p>
    </Dialog>
  );
}
