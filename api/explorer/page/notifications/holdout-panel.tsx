import type { JSX } from 'preact';
import { counted } from '../format/index.ts';
import type { NotificationReportResponse } from '../rest/index.ts';

type Holdout = NonNullable<NotificationReportResponse['holdout']>;

const names: Readonly<Record<string, string>> = {
  'active-days': 'Active days of a person',
  actions: 'Clicks and saves of a person',
};

/** The effect of sending: people who may be notified against people who never are. */
export function HoldoutPanel({
  holdout,
  isPlanned,
}: {
  holdout: Holdout | null;
  /** Whether there was a plan, which holds people out. */
  isPlanned: boolean;
}): JSX.Element {
  return (
    <section class="panel stack" aria-labelledby="holdout-title">
      <h2 id="holdout-title">Effect of sending</h2>
      {holdout === null && !isPlanned && <p class="quiet">Unknown until the first plan.</p>}
      {holdout === null && isPlanned && (
        <p class="quiet">
          Nobody was held out, so there is nothing to compare with: set <code>notifyHoldout</code>.
        </p>
      )}
      {holdout !== null && <Compared holdout={holdout} />}
    </section>
  );
}

function Compared({ holdout: { heldOut, notified, from, sampleRatio, metrics } }: { holdout: Holdout }): JSX.Element {
  return (
    <>
      {sampleRatio.isOff && (
        <p class="warn">The holdout does not have its intended share of people: do not trust the differences.</p>
      )}
      <ul class="lines held-back">
        {metrics.map(({ metric, heldOut: without, notified: withThem, difference, anyLook: { low, high } }) => (
          <li key={metric}>
            <span class="row apart">
              <strong>{names[metric] ?? metric}</strong>
              <span class="number">
                {signed(difference)} <span class="quiet">{interval(low, high)}</span>
              </span>
            </span>
            <span class="quiet small">
              {figure(withThem)} for people who may be notified, {figure(without)} for people held out
            </span>
          </li>
        ))}
      </ul>
      <p class="quiet small">
        {peopleText(notified)} against {peopleText(heldOut)} held out, since {from}, adjusted for what each did before. The 95 %
        intervals hold on whatever day you look. Receiving notifications does not make a day active.
      </p>
    </>
  );
} // prettier-ignore

function peopleText(count: number): string {
  return counted(count, 'person').replace('persons', 'people');
}

function figure(value: number | null): string {
  return value === null ? '–' : value.toFixed(2);
}

/** An interval without ends says nothing yet. */
function interval(low: number | null, high: number | null): string {
  return low === null && high === null ? 'too early for an interval' : `[${signed(low)}, ${signed(high)}]`;
}

function signed(value: number | null): string {
  return value === null ? '–' : `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}
