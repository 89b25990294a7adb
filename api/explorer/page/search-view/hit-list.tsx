import type { JSX } from 'preact';
import { nodeAddress } from '../address/index.ts';
import { Tile } from '../cards/index.ts';
import { Link, useExplorer } from '../context/index.ts';
import { counted, formatPercent } from '../format/index.ts';
import { type SearchItem, nodeOf } from '../rest/index.ts';
import { Highlighted } from './highlighted.tsx';

const sources = { text: undefined, typo: 'similar spelling', walk: 'goes with the best hits' } as const;

/** The pins that a search found, best first, each with what matches and what ranks it. */
export function HitList({
  items,
  user,
  isStale,
}: {
  items: readonly SearchItem[];
  /** For whom they are ranked. */
  user: string | undefined;
  isStale: boolean;
}): JSX.Element {
  return (
    <ol class="hits lines" aria-label="Pins" aria-busy={isStale}>
      {items.map((item) => (
        <Hit key={item.pin} item={item} user={user} />
      ))}
    </ol>
  );
}

function Hit({ item, user }: { item: SearchItem; user: string | undefined }): JSX.Element {
  const { titles } = useExplorer();
  const { title, boards = 0, source, highlights = [], signals } = item;
  const node = nodeOf(item);
  titles.add(node, title);
  const name = title ?? node.key;
  const ofTitle = highlights.find(({ field }) => field === 'title');
  const ofText = highlights.find(({ field }) => field === 'text');
  return (
    <li class="hit">
      <Tile name={name} imageUrl={undefined} />
      <div class="stack tight">
        <h3>
          <Link to={nodeAddress(node)} class="node-link">
            {ofTitle === undefined ? name : <Highlighted {...ofTitle} />}
          </Link>
        </h3>
        {ofText !== undefined && (
          <p class="hit-text">
            <Highlighted {...ofText} />
          </p>
        )}
        <p class="row quiet small">
          {name !== node.key && <code class="clip">{node.key}</code>}
          <span class="number">{boards === 0 ? 'on no board yet' : `on ${counted(boards, 'board')}`}</span>
          {sources[source] !== undefined && <span class="badge">{sources[source]}</span>}
        </p>
        {signals !== undefined && <Why signals={signals} user={user} />}
      </div>
    </li>
  );
}

/** What ranks a pin: the fuller a chip, the nearer to the best pin of the search in that respect. */
function Why({
  signals,
  user,
}: {
  signals: NonNullable<SearchItem['signals']>;
  user: string | undefined;
}): JSX.Element {
  const names = {
    words: 'its words',
    content: 'related words',
    popularity: 'saved often',
    walk: 'goes with the best hits',
    user: `goes with what ${user ?? 'they'} saved`,
  } as const satisfies Record<keyof typeof signals, string>;
  const shown = (Object.keys(names) as (keyof typeof names)[]).filter((name) => signals[name] >= 0.005);
  return (
    <ul class="chips" aria-label="Why">
      {shown.map((name) => (
        <li
          key={name}
          class="chip signal"
          style={{ '--share': `${(100 * signals[name]).toFixed(0)}%` }}
          title={`${formatPercent(signals[name])} of the best pin of this search`}
        >
          {names[name]} <span class="visually-hidden">{formatPercent(signals[name])} of the best</span>
        </li>
      ))}
    </ul>
  );
}
