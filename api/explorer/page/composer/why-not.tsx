import type { JSX } from 'preact';
import { useTitle } from '../context/index.ts';
import { IconButton } from '../controls/index.ts';
import type { Absence } from '../rest/index.ts';
import { NodeSearch } from '../search/index.ts';

/** As many as one request may name. */
const pinsMax = 5;

/** Requests pins that a list lacks, and shows the rank of each, or why it is absent. */
export function WhyNot({
  pins,
  answers,
  onChange,
}: {
  pins: readonly string[];
  /** Of the lists shown, each with its label; undefined while it is loaded. */
  answers: readonly { readonly label: string; readonly whyNot: readonly Absence[] | undefined }[];
  onChange: (pins: readonly string[]) => void;
}): JSX.Element {
  return (
    <section class="panel stack" aria-labelledby="why-not-title">
      <h2 id="why-not-title">Why not …?</h2>
      {pins.length > 0 && (
        <ul class="stack tight" aria-label="Why not" aria-live="polite">
          {pins.map((pin) => (
            <li key={pin} class="why-not">
              <Title pin={pin} onRemove={() => onChange(pins.filter((each) => each !== pin))} />
              {answers.map(({ label, whyNot }) => (
                <Answer key={label} label={label} answer={whyNot?.find((each) => each.pin === pin)} />
              ))}
            </li>
          ))}
        </ul>
      )}
      {pins.length < pinsMax && (
        <NodeSearch
          id="why-not"
          label="A pin that is missing"
          placeholder="A pin that is missing"
          kinds={['pin']}
          onPick={({ key }) => onChange([...new Set([...pins, key])])}
        />
      )}
    </section>
  );
}

function Title({ pin, onRemove }: { pin: string; onRemove: () => void }): JSX.Element {
  const title = useTitle({ kind: 'pin', key: pin });
  return (
    <div class="row apart">
      <strong class="clip">{title}</strong>
      <IconButton icon="close" class="small" label={`Forget ${title}`} title="Forget" onClick={onRemove} />
    </div>
  );
}

function Answer({ label, answer }: { label: string; answer: Absence | undefined }): JSX.Element {
  return (
    <p class="small">
      {label !== '' && <strong>{label}: </strong>}
      {answer === undefined ? '\u2007' : answer.text}
      {answer?.score !== undefined && (
        <span class="quiet number"> · score {Number(answer.score.toPrecision(3))}</span>
      )}
    </p>
  );
}
