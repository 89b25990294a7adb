import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { nodeAddress } from '../address/index.ts';
import { ReasonLine } from '../cards/index.ts';
import { Link } from '../context/index.ts';
import { Skeletons } from '../controls/index.ts';
import { counted } from '../format/index.ts';
import { type DrawnWay, type WalkResponse, type WalkedItem, nodeOf, titleOf } from '../rest/index.ts';
import { nameOf } from './name-of.ts';

const skeletons = 10;
const pathsShown = 6;

/** The recommendations of the walk. The selected one shows the paths to it. */
export function WalkedList({
  walk,
  selected,
  onSelect,
}: {
  walk: WalkResponse | undefined;
  /** The index of the selected item; -1 for none. */
  selected: number;
  onSelect: (index: number) => void;
}): JSX.Element {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const line = list.current?.children[selected];
    // Scrolls the list only: where the list is as long as its content, the page stays where it is.
    if (line instanceof HTMLElement && list.current!.scrollHeight > list.current!.clientHeight) {
      list.current!.scrollTop = line.offsetTop - list.current!.offsetTop;
    }
  }, [walk, selected]);
  return (
    <section class="walked" aria-labelledby="walked-title">
      <h2 id="walked-title">Recommendations</h2>
      <p class="quiet small">Select one to see the paths to it.</p>
      <ol ref={list} class="ranked lines" aria-labelledby="walked-title">
        {walk === undefined && <Skeletons count={skeletons} class="walked-line" />}
        {walk?.items.map((item, i) => (
          <li key={nodeOf(item).key} class={i === selected ? 'walked-line is-lit' : 'walked-line'}>
            <button type="button" aria-expanded={i === selected} onClick={() => onSelect(i)}>
              <span class="rank number">{item.rank}</span>
              <span class="clip">{titleOf(item)}</span>
              <span class={i === selected ? 'badge strong' : 'badge'}>{counted(item.visits, 'visit')}</span>
            </button>
            {i === selected && <Paths walk={walk} item={item} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Paths({ walk, item }: { walk: WalkResponse; item: WalkedItem }): JSX.Element {
  const { reason, ways } = item;
  const node = nodeOf(item);
  const name = titleOf(item);
  return (
    <div class="walked-paths">
      {reason !== undefined && <ReasonLine reason={reason} kind={node.kind} />}
      {ways.length === 0 ? (
        <p class="quiet small">No traced walk reached it.</p>
      ) : (
        <ul class="stack tight" aria-label={`Paths to ${name}`}>
          {ways.slice(0, pathsShown).map((way) => (
            <li key={way.nodes.join(' ')}>
              <Path walk={walk} way={way} />
            </li>
          ))}
        </ul>
      )}
      <Link to={nodeAddress(node)} class="small">
        Open {name}
      </Link>
    </div>
  );
}

/** The nodes of a path except the item, which all paths share. */
function Path({ walk, way: { nodes, walked } }: { walk: WalkResponse; way: DrawnWay }): JSX.Element {
  return (
    <p class="path">
      {nodes.slice(0, -1).map((index, i) => {
        const node = walk.nodes[index]!;
        return (
          <span key={i} class={node.kind}>
            {nameOf(node)}
          </span>
        );
      })}
      {walked > 1 && <strong class="number">× {walked}</strong>}
    </p>
  );
}
