import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Link } from '../context/index.ts';
import type { Communities } from './communities.ts';
import { CommunitySwatch } from './legend.tsx';
import type { WalkResponse } from '../rest/index.ts';
import { nameOf } from './walk.ts';

const rowsAtOnce = 20;

/** The drawing as a table: every node, the most visited first. */
export function NodesTable({
  walk,
  communities,
}: {
  walk: WalkResponse | undefined;
  communities: Communities | undefined;
}): JSX.Element {
  const [shown, setShown] = useState(rowsAtOnce);
  const [kind, setKind] = useState<'pin' | 'board'>('pin');
  useEffect(() => setShown(rowsAtOnce), [walk, kind]);
  const rows = useMemo(() => {
    const all = (walk?.nodes ?? []).map((node, i) => ({ node, i })).filter(({ node }) => node.kind === kind);
    return all.toSorted((a, b) => b.node.visits - a.node.visits || a.i - b.i);
  }, [walk, kind]);
  const ranks = useMemo(() => new Map(walk?.items.map(({ node, rank }) => [node, rank])), [walk]);
  return (
    <section class="panel nodes" aria-labelledby="nodes-title">
      <div class="row apart">
        <h2 id="nodes-title">What is drawn</h2>
        <div class="segments" role="group" aria-label="Nodes in the table">
          {(['pin', 'board'] as const).map((each) => (
            <button
              key={each}
              type="button"
              class="segment"
              aria-pressed={each === kind}
              onClick={() => setKind(each)}
            >
              {each === 'pin' ? 'Pins' : 'Boards'}
            </button>
          ))}
        </div>
      </div>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{kind === 'pin' ? 'Pin' : 'Board'}</th>
            <th scope="col">Community</th>
            <th scope="col" class="is-number">
              Visits
            </th>
            <th scope="col" class="is-number">
              Rank
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shown).map(({ node, i }) => {
            const place = communities?.places[i] ?? -1;
            return (
              <tr key={i}>
                <th scope="row">
                  <Link to={{ view: 'thing', thing: { kind, key: node.key }, trail: [] }} class="table-link">
                    {nameOf(node)}
                  </Link>
                </th>
                <td>
                  {place >= 0 && (
                    <>
                      <CommunitySwatch place={place} /> {communities?.largest[place]?.names[0]}
                    </>
                  )}
                </td>
                <td class="is-number">{node.visits.toLocaleString('en')}</td>
                <td class="is-number">{ranks.get(i) ?? ''}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {rows.length > shown && (
        <button type="button" class="button more-rows" onClick={() => setShown(shown + 10 * rowsAtOnce)}>
          Show more of {rows.length.toLocaleString('en')}
        </button>
      )}
    </section>
  );
}
