import type { JSX } from 'preact';
import { useExplorer } from '../context/index.ts';
import { useTitle } from '../titles/index.ts';

/** Pins that are not to come, each with its way back. */
export function LeftOut({
  pins,
  onBack,
}: {
  pins: readonly string[];
  onBack: (pin: string) => void;
}): JSX.Element {
  return (
    <fieldset class="filters">
      <legend>Left out</legend>
      <ul class="chips">
        {pins.map((pin) => (
          <Chip key={pin} pin={pin} onBack={onBack} />
        ))}
      </ul>
    </fieldset>
  );
}

function Chip({ pin, onBack }: { pin: string; onBack: (pin: string) => void }): JSX.Element {
  const { titles } = useExplorer();
  const title = useTitle(titles, { kind: 'pin', key: pin });
  return (
    <li class="chip">
      {title}
      <button
        type="button"
        class="icon-button small"
        aria-label={`Let ${title} come again`}
        title="Let it come again"
        onClick={() => onBack(pin)}
      >
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d="m6 6 8 8m0-8-8 8" />
        </svg>
      </button>
    </li>
  );
}
