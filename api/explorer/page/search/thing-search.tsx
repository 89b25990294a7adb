import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ThingKind, ThingName } from '../address/index.ts';
import { type RestClient, useAnswer } from '../rest/index.ts';
import { type FoundThing, findThings } from './find-things.ts';

const headings: Readonly<Record<ThingKind, string>> = { pin: 'Pins', board: 'Boards', user: 'Users' };

export interface ThingSearchProps {
  /** Of the input; those of the list begin with it. */
  readonly id: string;
  readonly label: string;
  readonly placeholder: string;
  /** A key that goes to the input from anywhere on the page. */
  readonly shortcut?: string;
  readonly kinds?: readonly ThingKind[];
  readonly client: RestClient;
  readonly version: number;
  readonly onPick: (thing: ThingName) => void;
}

const allKinds: readonly ThingKind[] = ['pin', 'board', 'user'];

/** Search as one types: the combobox with a listbox of ARIA 1.2. Arrows choose, Enter picks, Escape closes. */
export function ThingSearch(props: ThingSearchProps): JSX.Element {
  const { id, label, placeholder, shortcut, kinds = allKinds, client, version, onPick } = props;
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  // Enter came before the answer to what was typed.
  const [isAwaited, setAwaited] = useState(false);
  const { answer, problem, isStale } = useAnswer(
    async (signal) => ({ text, found: await findThings(client, text, kinds, signal) }),
    [text, version],
  );
  const found = answer?.found ?? [];
  const isListed = isOpen && text.trim() !== '';
  useShortcut(shortcut, input);
  useEffect(() => {
    if (active >= 0) document.querySelector(`#${id}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [active, id]);

  const pick = (thing: FoundThing): void => {
    setText('');
    setOpen(false);
    setActive(-1);
    onPick({ kind: thing.kind, key: thing.key });
  };
  useEffect(() => {
    if (!isAwaited || answer?.text !== text) return;
    setAwaited(false);
    if (found[0] !== undefined) pick(found[0]);
  }, [isAwaited, answer, text]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const { key } = event;
    if (key === 'Escape') {
      if (!isListed) setText('');
      setOpen(false);
      setActive(-1);
    } else if (key === 'Enter') {
      const chosen = found[active] ?? (answer?.text === text ? found[0] : undefined);
      if (isListed && chosen !== undefined) pick(chosen);
      else setAwaited(isListed && answer?.text !== text);
    } else if ((key === 'ArrowDown' || key === 'ArrowUp') && found.length > 0) {
      setOpen(true);
      const step = key === 'ArrowDown' ? 1 : -1;
      setActive((at) => (at < 0 && step < 0 ? found.length - 1 : (at + step + found.length) % found.length));
    } else return;
    event.preventDefault();
  };

  return (
    <div class="search">
      <svg class="search-icon" viewBox="0 0 20 20" aria-hidden="true">
        <circle cx="9" cy="9" r="5.5" />
        <path d="m13 13 4 4" />
      </svg>
      <input
        ref={input}
        id={id}
        class="search-input"
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded={isListed}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        {...(active >= 0 && isListed && { 'aria-activedescendant': `${id}-${active}` })}
        placeholder={placeholder}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        enterkeyhint="go"
        maxLength={200}
        value={text}
        onInput={(event: Event) => {
          setText((event.currentTarget as HTMLInputElement).value);
          setOpen(true);
          setActive(-1);
          setAwaited(false);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      {shortcut !== undefined && (
        <kbd class="search-key" aria-hidden="true">
          {shortcut}
        </kbd>
      )}
      <div
        id={`${id}-list`}
        class="search-list"
        role="listbox"
        aria-label={label}
        hidden={!isListed || (found.length === 0 && isStale && problem === undefined)}
      >
        {kinds.map((kind) => (
          <Group key={kind} {...{ id, kind, found, active, pick, setActive }} />
        ))}
        {isListed && found.length === 0 && (
          <p class="search-none" role="option" aria-disabled="true" aria-selected="false">
            {problem === undefined ? 'Nothing found' : problem.message}
          </p>
        )}
      </div>
      <p class="visually-hidden" role="status">
        {isListed && !isStale ? `${found.length} found` : ''}
      </p>
    </div>
  );
}

function Group({
  id,
  kind,
  found,
  active,
  pick,
  setActive,
}: {
  id: string;
  kind: ThingKind;
  found: readonly FoundThing[];
  active: number;
  pick: (thing: FoundThing) => void;
  setActive: (at: number) => void;
}): JSX.Element | null {
  if (!found.some((thing) => thing.kind === kind)) return null;
  return (
    <div role="group" aria-label={headings[kind]} class="search-group">
      <div class="search-heading" aria-hidden="true">
        {headings[kind]}
      </div>
      {found.map(
        (thing, i) =>
          thing.kind === kind && (
            <div
              key={thing.key}
              id={`${id}-${i}`}
              class="search-option"
              role="option"
              aria-selected={i === active}
              // The input keeps the focus.
              onMouseDown={(event: MouseEvent) => event.preventDefault()}
              onMouseMove={() => setActive(i)}
              onClick={() => pick(thing)}
            >
              <span class="search-title">{thing.title}</span>
              {thing.title !== thing.key && <span class="search-name">{thing.key}</span>}
              <span class="search-detail">{thing.detail}</span>
            </div>
          ),
      )}
    </div>
  );
}

function useShortcut(shortcut: string | undefined, input: { current: HTMLInputElement | null }): void {
  useEffect(() => {
    if (shortcut === undefined) return undefined;
    const focus = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      const isTyping = target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
      if (event.key !== shortcut || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    addEventListener('keydown', focus);
    return () => removeEventListener('keydown', focus);
  }, [shortcut, input]);
}
