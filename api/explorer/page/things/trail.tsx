import type { JSX } from 'preact';
import type { ThingName } from '../address/index.ts';
import { Link, useExplorer } from '../context/index.ts';
import { useTitle } from '../titles/index.ts';

/** The steps that led here; each leads back to its place in the trail. */
export function Trail({ trail, thing }: { trail: readonly ThingName[]; thing: ThingName }): JSX.Element {
  return (
    <nav class="trail" aria-label="Trail">
      <ol>
        <li>
          <Link to={{ view: 'start' }}>Start</Link>
        </li>
        {trail.map((step, i) => (
          <Step key={`${step.kind} ${step.key}`} step={step} before={trail.slice(0, i)} />
        ))}
        <li aria-current="page">
          <span>
            <Name thing={thing} />
          </span>
        </li>
      </ol>
    </nav>
  );
}

function Step({ step, before }: { step: ThingName; before: readonly ThingName[] }): JSX.Element {
  return (
    <li>
      <Link to={{ view: 'thing', thing: step, trail: before }}>
        <Name thing={step} />
      </Link>
    </li>
  );
}

function Name({ thing }: { thing: ThingName }): JSX.Element {
  const { titles } = useExplorer();
  return <>{useTitle(titles, thing)}</>;
}
