import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** Asks for an API key. It is kept for as long as the tab is open, and sent to this server alone. */
export function KeyDialog({
  reason,
  hasKey,
  onKey,
  onClose,
}: {
  /** What a call was refused with; empty when the visitor came by themselves. */
  reason: string;
  hasKey: boolean;
  onKey: (key: string | undefined) => void;
  onClose: () => void;
}): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="key-title" onClose={onClose}>
      <form
        onSubmit={(event: SubmitEvent) => {
          event.preventDefault();
          const given = new FormData(event.currentTarget as HTMLFormElement).get('key');
          if (typeof given === 'string' && given.trim() !== '') onKey(given.trim());
        }}
      >
        <h2 id="key-title">API key</h2>
        <p class={reason === '' ? 'quiet' : 'warn'} role={reason === '' ? undefined : 'alert'}>
          {reason === '' ? 'Calls are sent with it.' : `The server says: ${reason}.`}
        </p>
        <label class="field">
          <span>Key</span>
          <input name="key" type="password" autocomplete="off" spellcheck={false} required autoFocus />
        </label>
        <p class="quiet">
          <code>pinwalk keys create</code> makes one. This tab forgets it when it is closed.
        </p>
        <div class="row end">
          {hasKey && (
            <button type="button" class="button" onClick={() => onKey(undefined)}>
              Forget the key
            </button>
          )}
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class="button primary">
            Use this key
          </button>
        </div>
      </form>
    </dialog>
  );
}
