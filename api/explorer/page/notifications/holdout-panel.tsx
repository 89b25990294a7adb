import type { JSX } from 'preact';
import { counted } from '../format/index.ts';
import type { NotificationReportResponse } from '../rest/index.ts';

type Holdout = NonNullable<NotificationReportResponse['holdout']>;

const names: Readonly<Record<string, string>> = {
  'active-days': 'Active days of a person',
  actions: 'Clicks and saves of a person',
};

/** What sending brings: people who may be notified against those who never are. */
export function HoldoutPanel({ holdout }: { holdout: Holdout | null }): JSX.Element {
  return (
    <section class="panel stack" aria-labelledby="holdout-title">
      <h2 id="holdout-title">What sending brings</h2>
      {holdout === null ? (
        <p class="quiet">
          Nobody was held out, so there is nothing to compare with: set <code>notifyHoldout</code>.
        </p>
      ) : (
        <Compared holdout={holdout} />
      )}
    </section>
  );
}

function Compared({ holdout: { heldOut, notified, from, sampleRatio, metrics } }: { holdout: Holdout }): JSX.Element {
  return (
    <>
      {sampleRatio.isOff && (
        <p class="warn">People are not spread over holdout and others as intended: trust none of the differences.</p>
      )}
      <ul class="lines held-back">
        {metrics.map(({ metric, heldOut: without, notified: withThem, difference, anyLook: { low, high } }) => (
          <li key={metric}>
            <span class="row apart">
              <strong>{names[metric] ?? metric}</strong>
              <span class="number">
                {signed(difference)}{' '}
                <span class="quiet">
                  [{signed(low)}, {signed(high)}]
                </span>
              </span>
            </span>
            <span class="quiet small">
              {figure(withThem)} of those who may be notified, {figure(without)} of those held out
            </span>
          </li>
        ))}
      </ul>
      <p class="quiet small">
        {peopleText(notified)} against {peopleText(heldOut)} held out, since {from}, by what they had done before. The 95 % intervals may
        be looked at on any day. Days with notifications alone are not active ones.
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

/** Nothing is known yet of an interval without ends. */
function signed(value: number | null): string {
  return value === null ? '…' : `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}
