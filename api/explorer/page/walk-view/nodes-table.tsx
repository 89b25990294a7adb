import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { nodeAddress } from '../address/index.ts';
import { Link } from '../context/index.ts';
import { Segments } from '../controls/index.ts';
import { formatCount } from '../format/index.ts';
import type { WalkResponse } from '../rest/index.ts';
import type { Communities } from './communities.ts';
import { CommunitySwatch } from './legend.tsx';
import { nameOf } from './name-of.ts';

const rowsAtFirst = 20;

/** The drawing as a table: every node, most visits first. */
export function NodesTable({
  walk,
  communities,
}: {
  walk: WalkResponse | undefined;
  communities: Communities | undefined;
}): JSX.Element {
  const [shown, setShown] = useState(rowsAtFirst);
  const [kind, setKind] = useState<'pin' | 'board'>('pin');
  useEffect(() => setShown(rowsAtFirst), [walk, kind]);
  const rows = useMemo(() => {
    const all = (walk?.nodes ?? []).map((node, i) => ({ node, i })).filter(({ node }) => node.kind === kind);
    return all.toSorted((a, b) => b.node.visits - a.node.visits || a.i - b.i);
  }, [walk, kind]);
  const ranks = useMemo(() => new Map(walk?.items.map(({ node, rank }) => [node, rank])), [walk]);
  return (
    <section class="panel stack" aria-labelledby="nodes-title">
      <div class="row apart">
        <h2 id="nodes-title">Nodes of the drawing</h2>
        <Segments
          label="Nodes in the table"
          options={[
            ['pin', 'Pins'],
            ['board', 'Boards'],
          ]}
          value={kind}
          onChange={setKind}
        />
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
            const community = communities?.ofNode[i] ?? -1;
            return (
              <tr key={i}>
                <th scope="row">
                  <Link to={nodeAddress(node)} class="node-link">
                    {nameOf(node)}
                  </Link>
                </th>
                <td>
                  {community >= 0 && (
                    <>
                      <CommunitySwatch index={community} /> {communities?.largest[community]?.names[0]}
                    </>
                  )}
                </td>
                <td class="is-number">{formatCount(node.visits)}</td>
                <td class="is-number">{ranks.get(i) ?? ''}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {rows.length > shown && (
        <div>
          <button type="button" class="button" onClick={() => setShown(shown + 10 * rowsAtFirst)}>
            Show more of {formatCount(rows.length)}
          </button>
        </div>
      )}
    </section>
  );
}
