import type { JSX } from 'preact';
import { Fragment } from 'preact';
import type { NodeKind } from '../address/index.ts';
import { useTitle } from '../context/index.ts';
import { formatCount } from '../format/index.ts';
import type { Reason } from '../rest/index.ts';

/** Lift and boards from which the lift is named, for one query pin: more have no room. */
const liftNamed = 2;
const liftBoards = 3;

/** Why an item is recommended: the server's sentence, shortened, with titles instead of keys. */
export function ReasonLine({
  reason: { via, bridge, more, like, text },
  kind,
}: {
  reason: Reason;
  kind: NodeKind;
}): JSX.Element {
  if (bridge !== undefined) {
    return (
      <p class="reason" title={text}>
        saved with <PinTitle pin={bridge.pin} />, which is saved with <PinTitle pin={bridge.queryPin} />
      </p>
    );
  }
  if (like !== undefined) {
    // Pins without a word in common are alike by their vectors, as the server's sentence says.
    const isAlike = like.words.length === 0 && text.startsWith('looks like');
    // Words before the title, which may be long.
    const words = like.words.length > 0 && `(${like.words.join(', ')}) `;
    return (
      <p class="reason" title={text}>
        {isAlike ? 'looks like' : 'same words'} {words}
        {!isAlike && 'as '}
        <PinTitle pin={like.pin} />
      </p>
    );
  }
  if (via.length === 0) return <p class="reason">{text}</p>;
  const parts = via.map(({ pin, paths, lift = 0, isLowerBound }, i) => (
    <Fragment key={pin}>
      <PinTitle pin={pin} />
      {kind === 'pin' && (
        <>
          {' '}
          on {isLowerBound === true && '≥\u202f'}
          <strong class="number">{formatCount(paths)}</strong>
          {i === 0 && (paths === 1 ? ' board' : ' boards')}
          {via.length === 1 &&
            lift >= liftNamed &&
            paths >= liftBoards &&
            `, ${isLowerBound === true ? '≥\u202f' : ''}${formatCount((isLowerBound === true ? Math.floor : Math.round)(lift))}\u202f× chance`}
        </>
      )}
    </Fragment>
  ));
  if (more !== undefined) parts.push(<Fragment key="more">{formatCount(more)} more</Fragment>);
  return (
    <p class="reason" title={text}>
      {{ pin: 'saved with', board: 'holds', user: 'saved' }[kind]} {joined(parts)}
    </p>
  );
}

function PinTitle({ pin }: { pin: string }): JSX.Element {
  return <em>{shortened(useTitle({ kind: 'pin', key: pin }))}</em>;
}

const titleLengthMax = 22;

/** A title cut short, because the words after it matter more than its end. */
function shortened(title: string): string {
  if (title.length <= titleLengthMax) return title;
  const start = title.slice(0, titleLengthMax - 1);
  return `${start.toWellFormed().trimEnd()}…`;
}

function joined(parts: readonly JSX.Element[]): JSX.Element[] {
  return parts.map((part, i) => (
    <Fragment key={part.key}>
      {i > 0 && (i === parts.length - 1 ? ' and ' : ', ')}
      {part}
    </Fragment>
  ));
}
