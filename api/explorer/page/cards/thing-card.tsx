import type { ComponentChildren, JSX } from 'preact';
import type { Address, ThingName } from '../address/index.ts';
import type { Reason } from '../rest/index.ts';
import { Link, useExplorer } from '../context/index.ts';
import { useTitle } from '../titles/index.ts';
import { ReasonLine } from './reason-line.tsx';
import { Tile } from './tile.tsx';

export interface ThingCardProps {
  readonly thing: ThingName;
  readonly to: Address;
  readonly imageUrl?: unknown;
  /** Whether the cards around have images: then all are of one height. */
  readonly isTall: boolean;
  readonly reason?: Reason | undefined;
  readonly detail?: string;
  /** Its score as a share of the best one's, 0 to 1. */
  readonly share?: number | undefined;
  readonly mark?: ComponentChildren;
  readonly actions?: ComponentChildren;
}

/** A pin, a board or a user on a card that leads to its page. */
export function ThingCard(props: ThingCardProps): JSX.Element {
  const { thing, to, imageUrl, isTall, reason, detail, share, mark, actions } = props;
  const { titles } = useExplorer();
  const title = useTitle(titles, thing);
  return (
    <li class={classOf(isTall, detail !== undefined, title)}>
      <Tile name={title} imageUrl={imageUrl} class={isTall ? 'media' : ''} />
      <div class="card-text">
        <h3 class="card-title">
          <Link to={to} class="card-link" title={title}>
            {title}
          </Link>
          {mark}
        </h3>
        {detail !== undefined && <p class="reason">{detail}</p>}
        {reason !== undefined && <ReasonLine reason={reason} kind={thing.kind} />}
      </div>
      {actions !== undefined && <div class="card-actions">{actions}</div>}
      {share !== undefined && (
        <span class="share" aria-hidden="true">
          <span style={{ inlineSize: `${(Math.max(share, 0.01) * 100).toFixed(1)}%` }} />
        </span>
      )}
    </li>
  );
}

/** Of a title that takes two lines, fewer of the reason's have room. */
const longTitle = 22;

function classOf(isTall: boolean, isLow: boolean, title: string): string {
  if (isTall) return 'card tall';
  if (isLow) return 'card low';
  return title.length > longTitle ? 'card long' : 'card';
}
