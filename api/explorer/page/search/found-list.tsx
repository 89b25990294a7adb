import type { JSX } from 'preact';
import type { FoundNode } from './find-nodes.ts';

const headings = { pin: 'Pins', board: 'Boards', user: 'Users' } as const;

/** The options of the search, grouped by kind. */
export function FoundList({
  id,
  found,
  active,
  onActive,
  onPick,
}: {
  /** The ids of the options begin with it. */
  id: string;
  found: readonly FoundNode[];
  /** The index of the active option; -1 for none. */
  active: number;
  onActive: (index: number) => void;
  onPick: (node: FoundNode) => void;
}): JSX.Element[] {
  const groups = Map.groupBy(found.entries(), ([, { kind }]) => kind);
  return [...groups].map(([kind, options]) => (
    <div key={kind} role="group" aria-label={headings[kind]}>
      <div class="search-heading" aria-hidden="true">
        {headings[kind]}
      </div>
      {options.map(([i, node]) => (
        <div
          key={node.key}
          id={`${id}-${i}`}
          class="search-option"
          role="option"
          aria-selected={i === active}
          // The input keeps the focus.
          onMouseDown={(event: MouseEvent) => event.preventDefault()}
          onMouseMove={() => onActive(i)}
          onClick={() => onPick(node)}
        >
          <span class="search-title clip">{node.title}</span>
          {node.title !== node.key && <span class="search-key">{node.key}</span>}
          <span>{node.detail}</span>
        </div>
      ))}
    </div>
  ));
}
