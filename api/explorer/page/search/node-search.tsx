import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { NodeKind, NodeRef } from '../address/index.ts';
import { useExplorer } from '../context/index.ts';
import { counted } from '../format/index.ts';
import { useFetched } from '../rest/index.ts';
import { type FoundNode, allKinds, findNodes } from './find-nodes.ts';
import { FoundList } from './found-list.tsx';
import { useShortcut } from './use-shortcut.ts';

/**
 * A search that runs while the visitor types: the combobox with a listbox of ARIA 1.2. Arrows choose, Enter picks,
 * Escape closes.
 */
export function NodeSearch({
  id,
  label,
  placeholder,
  shortcut,
  kinds = allKinds,
  onPick,
  onAll,
}: {
  /** Of the input; the ids of its list begin with it. */
  id: string;
  label: string;
  placeholder: string;
  /** A key that focuses the input from anywhere on the page. */
  shortcut?: string;
  /** What to find. Default: pins, boards and users. */
  kinds?: readonly NodeKind[];
  onPick: (node: NodeRef) => void;
  /** Shows all results for a text; without it, the list ends with the best. */
  onAll?: (text: string) => void;
}): JSX.Element {
  const { client, version } = useExplorer();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [isOpen, setOpen] = useState(false);
  // By name, since results that arrive give other options the same place.
  const [activeName, setActiveName] = useState<string>();
  // Enter was pressed before the results for the text arrived.
  const [isPickPending, setPickPending] = useState(false);
  const { data, problem, isStale } = useFetched(
    async (signal) => ({ text, found: await findNodes(client, text, kinds, signal) }),
    [text, version],
  );
  const found = data?.found ?? [];
  const isCurrent = data?.text === text;
  const isListed = isOpen && text.trim() !== '';
  const options = found.map(({ kind, key }) => `${kind} ${key}`);
  // The last option, after the matches, shows all results.
  if (onAll !== undefined && text.trim() !== '') options.push('all');
  const active = activeName === undefined ? -1 : options.indexOf(activeName);
  const setActive = (at: number): void => setActiveName(options[at]);
  useShortcut(shortcut, input);
  useEffect(() => {
    if (active >= 0) document.querySelector(`#${id}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [active, id]);

  const close = (): void => {
    setOpen(false);
    setActiveName(undefined);
  };
  const pick = ({ kind, key }: FoundNode): void => {
    setText('');
    close();
    onPick({ kind, key });
  };
  const showAll = (): void => {
    const all = text.trim();
    setText('');
    close();
    onAll?.(all);
  };
  useEffect(() => {
    if (!isPickPending || !isCurrent) return;
    setPickPending(false);
    if (found[0] !== undefined) pick(found[0]);
  }, [isPickPending, data, text]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const { key } = event;
    if (key === 'Escape') {
      if (!isListed) setText('');
      close();
    } else if (key === 'Enter') {
      const chosen = found[active] ?? (isCurrent ? found[0] : undefined);
      if (isListed && options[active] === 'all') showAll();
      else if (isListed && chosen !== undefined) pick(chosen);
      else setPickPending(isListed && !isCurrent);
    } else if ((key === 'ArrowDown' || key === 'ArrowUp') && options.length > 0) {
      setOpen(true);
      const step = key === 'ArrowDown' ? 1 : -1;
      setActive(
        active < 0 && step < 0 ? options.length - 1 : (active + step + options.length) % options.length,
      );
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
          setActiveName(undefined);
          setPickPending(false);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      {shortcut !== undefined && <kbd aria-hidden="true">{shortcut}</kbd>}
      <div
        id={`${id}-list`}
        class="search-list"
        role="listbox"
        aria-label={label}
        hidden={!isListed || (found.length === 0 && isStale && problem === undefined)}
      >
        <FoundList id={id} found={found} active={active} onActive={setActive} onPick={pick} />
        {isListed && found.length === 0 && (
          <p class="search-none" role="option" aria-disabled="true" aria-selected="false">
            {problem === undefined ? 'No results' : problem.message}
          </p>
        )}
        {isListed && onAll !== undefined && (
          <div
            id={`${id}-${found.length}`}
            class="search-option search-all"
            role="option"
            aria-selected={active === found.length}
            onMouseDown={(event: MouseEvent) => event.preventDefault()}
            onMouseMove={() => setActive(found.length)}
            onClick={showAll}
          >
            <span class="search-title clip">All results for “{text.trim()}”</span>
          </div>
        )}
      </div>
      <p class="visually-hidden" role="status">
        {isListed && !isStale ? counted(found.length, 'result') : ''}
      </p>
    </div>
  );
}
