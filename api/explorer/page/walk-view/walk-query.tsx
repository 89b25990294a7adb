import type { JSX } from 'preact';
import { type QueryEntry, nodeId, withNode } from '../address/index.ts';
import { NodeLink, useTitle } from '../context/index.ts';
import { IconButton } from '../controls/index.ts';
import { NodeSearch } from '../search/index.ts';

/** The nodes that the walk starts from. Their weights and the settings are changed in the composer. */
export function WalkQuery({
  query,
  onChange,
}: {
  query: readonly QueryEntry[];
  onChange: (query: readonly QueryEntry[]) => void;
}): JSX.Element {
  return (
    <div class="walk-query">
      {query.length > 0 && (
        <ul class="chips" aria-label="Query">
          {query.map((entry, i) => (
            <Entry key={nodeId(entry)} entry={entry} onRemove={() => onChange(query.toSpliced(i, 1))} />
          ))}
        </ul>
      )}
      <NodeSearch
        id="walk-add"
        label="Add a pin, a board or a user to walk from"
        placeholder={query.length === 0 ? 'Walk from a pin, a board or a user' : 'Add another'}
        onPick={(node) => onChange(withNode(query, node))}
      />
    </div>
  );
}

function Entry({ entry, onRemove }: { entry: QueryEntry; onRemove: () => void }): JSX.Element {
  return (
    <li class="walk-entry">
      <NodeLink node={entry} class="clip" />
      {entry.kind !== 'pin' && <span class="quiet small">{entry.kind}</span>}
      <IconButton icon="close" class="small" label={`Remove ${useTitle(entry)}`} onClick={onRemove} />
    </li>
  );
}
