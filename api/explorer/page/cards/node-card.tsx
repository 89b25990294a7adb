import type { ComponentChildren, JSX } from 'preact';
import type { Address, NodeRef } from '../address/index.ts';
import { NodeLink, useTitle } from '../context/index.ts';
import type { Reason } from '../rest/index.ts';
import { ReasonLine } from './reason-line.tsx';
import { ScoreBar } from './score-bar.tsx';
import { Tile } from './tile.tsx';

/** Titles of this length take two lines and leave room for only two lines of the reason. */
const longTitle = 22;

/** A pin, a board or a user on a card that links to its page. */
export function NodeCard({
  node,
  to,
  imageUrl,
  isTall,
  text,
  share,
  actions,
}: {
  node: NodeRef;
  to: Address;
  imageUrl: unknown;
  /** Whether the list has images; then all its cards have the same height. */
  isTall: boolean;
  /** A reason, or a text of one line. */
  text: Reason | string | undefined;
  /** Its score as a share of the best score. */
  share: number | undefined;
  actions: ComponentChildren;
}): JSX.Element {
  const title = useTitle(node);
  const isLow = typeof text === 'string';
  const size = isTall ? 'tall' : isLow ? 'low' : title.length > longTitle ? 'long' : '';
  return (
    <li class={`card ${size}`}>
      <Tile name={title} imageUrl={imageUrl} class={isTall ? 'media' : ''} />
      <div class="card-text">
        <h3 class="card-title">
          <NodeLink node={node} to={to} class="node-link card-link" />
        </h3>
        {isLow ? (
          <p class="reason">{text}</p>
        ) : (
          text !== undefined && <ReasonLine reason={text} kind={node.kind} />
        )}
      </div>
      {actions !== undefined && <div class="card-actions">{actions}</div>}
      {share !== undefined && <ScoreBar share={share} />}
    </li>
  );
}
