import type { JSX } from 'preact';
import { useTitle } from '../context/index.ts';
import { IconButton } from '../controls/index.ts';

/** The excluded pins, each with a button that includes it again. */
export function ExcludedPins({
  pins,
  onInclude,
}: {
  pins: readonly string[];
  onInclude: (pin: string) => void;
}): JSX.Element {
  return (
    <fieldset>
      <legend>Excluded pins</legend>
      <ul class="chips">
        {pins.map((pin) => (
          <Chip key={pin} pin={pin} onInclude={onInclude} />
        ))}
      </ul>
    </fieldset>
  );
}

function Chip({ pin, onInclude }: { pin: string; onInclude: (pin: string) => void }): JSX.Element {
  const title = useTitle({ kind: 'pin', key: pin });
  return (
    <li class="chip">
      {title}
      <IconButton
        icon="close"
        class="small"
        label={`Include ${title} again`}
        title="Include again"
        onClick={() => onInclude(pin)}
      />
    </li>
  );
}
