import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

/** A modal dialog with a form. Escape and Cancel close it, and so can `onSubmit`. */
export function Dialog({
  title,
  submit,
  buttons,
  class: classes = '',
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  /** The button that submits the form. */
  submit: { readonly text: string; readonly class?: string; readonly isDisabled?: boolean };
  /** Further buttons. */
  buttons?: ComponentChildren;
  class?: string;
  onSubmit: (form: FormData, close: () => void) => void;
  onClose: () => void;
  children: ComponentChildren;
}): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const close = (): void => dialog.current?.close();
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  return (
    <dialog ref={dialog} class={`dialog ${classes}`} aria-labelledby={titleId} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event: SubmitEvent) => {
          event.preventDefault();
          onSubmit(new FormData(event.currentTarget as HTMLFormElement), close);
        }}
      >
        <h2 id={titleId}>{title}</h2>
        {children}
        <div class="row end">
          {buttons}
          <button type="button" class="button" onClick={close}>
            Cancel
          </button>
          <button
            type="submit"
            class={`button ${submit.class ?? 'primary'}`}
            disabled={submit.isDisabled === true}
          >
            {submit.text}
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** A field of a form, as text without spaces around it. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
