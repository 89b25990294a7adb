import type { JSX } from 'preact';
import { Fragment } from 'preact';
import type { ThingKind } from '../address/index.ts';
import type { Reason } from '../rest/index.ts';
import { useExplorer } from '../context/index.ts';
import { useTitle } from '../titles/index.ts';

/** Why something is in an answer: the server's sentence, with titles in the place of keys. */
export function ReasonLine({ reason, kind }: { reason: Reason; kind: ThingKind }): JSX.Element {
  const { via, bridge, more, text } = reason;
  if (bridge !== undefined) {
    return (
      <p class="reason">
        saved with <PinTitle pin={bridge.pin} />, which is saved with <PinTitle pin={bridge.queryPin} />
      </p>
    );
  }
  if (via.length === 0) return <p class="reason">{text}</p>;
  if (kind === 'pin') {
    const parts = via.map(({ pin, paths }, i) => (
      <Fragment key={pin}>
        <PinTitle pin={pin} /> on <strong class="number">{paths.toLocaleString('en')}</strong>
        {i === 0 && (paths === 1 ? ' board' : ' boards')}
      </Fragment>
    ));
    return (
      <p class="reason" title={text}>
        saved with {joined(parts)}
      </p>
    );
  }
  const parts = via.map(({ pin }) => <PinTitle key={pin} pin={pin} />);
  if (more !== undefined) parts.push(<span key="more">{more.toLocaleString('en')} more</span>);
  return (
    <p class="reason" title={text}>
      {kind === 'board' ? 'holds' : 'saved'} {joined(parts)}
    </p>
  );
}

function PinTitle({ pin }: { pin: string }): JSX.Element {
  const { titles } = useExplorer();
  const title = useTitle(titles, { kind: 'pin', key: pin });
  return <em class="reason-pin">{shortened(title)}</em>;
}

const titleLengthMax = 22;

/** What follows a name says more than its end. */
function shortened(title: string): string {
  return title.length <= titleLengthMax
    ? title
    : `${title
        .slice(0, titleLengthMax - 1)
        .toWellFormed()
        .trimEnd()}…`;
}

function joined(parts: readonly JSX.Element[]): JSX.Element[] {
  return parts.map((part, i) => (
    <Fragment key={part.key}>
      {i > 0 && (i === parts.length - 1 ? ' and ' : ', ')}
      {part}
    </Fragment>
  ));
}
