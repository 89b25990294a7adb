import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { ReasonLine } from '../cards/index.ts';
import { Link } from '../context/index.ts';
import type { WalkResponse, WalkedItem, DrawnWay } from '../rest/index.ts';
import { counted, keyOfItem, nameOf, nameOfItem } from './walk.ts';

const skeletons = 10;
const waysShown = 6;

/** The answer: choosing an item lights the ways to it, and tells them. */
export function WalkedList({
  walk,
  place,
  onItem,
}: {
  walk: WalkResponse | undefined;
  place: number;
  onItem: (place: number) => void;
}): JSX.Element {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const line = list.current?.children[place];
    // Within the list alone: where it has no scroll bar of its own, the page stays where it is.
    if (line instanceof HTMLElement && list.current!.scrollHeight > list.current!.clientHeight) {
      list.current!.scrollTop = line.offsetTop - list.current!.offsetTop;
    }
  }, [walk, place]);
  return (
    <section class="walked" aria-labelledby="walked-title">
      <h2 id="walked-title">Goes with it</h2>
      <p class="quiet small">Choose one to see the ways to it.</p>
      <ol ref={list} class="ranked walked-items" aria-labelledby="walked-title">
        {walk === undefined
          ? Array.from({ length: skeletons }, (_, i) => <li key={i} class="walked-line skeleton" />)
          : walk.items.map((item, i) => (
              <li key={keyOfItem(item)} class={i === place ? 'walked-line is-lit' : 'walked-line'}>
                <button
                  type="button"
                  class="walked-button"
                  aria-expanded={i === place}
                  onClick={() => onItem(i)}
                >
                  <span class="rank number">{item.rank}</span>
                  <span class="walked-name">{nameOfItem(item)}</span>
                  <span class="badge">{counted(item.visits, 'visit')}</span>
                </button>
                {i === place && <Ways walk={walk} item={item} />}
              </li>
            ))}
      </ol>
    </section>
  );
}

function Ways({ walk, item }: { walk: WalkResponse; item: WalkedItem }): JSX.Element {
  const { reason, ways, pin, board, user } = item;
  const kind = pin !== undefined ? 'pin' : board !== undefined ? 'board' : 'user';
  const key = pin ?? board ?? user ?? '';
  return (
    <div class="walked-ways">
      {reason !== undefined && <ReasonLine reason={reason} kind={kind} />}
      {ways.length === 0 ? (
        <p class="quiet small">No walker whose path was kept came here.</p>
      ) : (
        <ul aria-label={`Ways to ${nameOfItem(item)}`}>
          {ways.slice(0, waysShown).map((way) => (
            <li key={way.nodes.join(' ')}>
              <WayLine walk={walk} way={way} />
            </li>
          ))}
        </ul>
      )}
      <Link to={{ view: 'thing', thing: { kind, key }, trail: [] }} class="small">
        Open {nameOfItem(item)}
      </Link>
    </div>
  );
}

function WayLine({ walk, way }: { walk: WalkResponse; way: DrawnWay }): JSX.Element {
  return (
    <p class="way">
      {way.nodes.slice(0, -1).map((node, i) => {
        const { [node]: found } = walk.nodes;
        return (
          <span key={i} class={found?.kind === 'board' ? 'way-board' : 'way-pin'}>
            {found && nameOf(found)}
          </span>
        );
      })}
      {way.walked > 1 && <span class="way-count number">× {way.walked}</span>}
    </p>
  );
}
