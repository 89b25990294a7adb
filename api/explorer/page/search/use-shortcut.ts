import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** Focuses the input when the key is pressed anywhere but in a text field. */
export function useShortcut(key: string | undefined, input: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    if (key === undefined) return undefined;
    const focus = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      const isTyping = target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
      if (event.key !== key || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    addEventListener('keydown', focus);
    return () => removeEventListener('keydown', focus);
  }, [key, input]);
}
