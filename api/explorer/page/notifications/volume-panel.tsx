import type { JSX } from 'preact';
import { counted, formatCount, formatPercent } from '../format/index.ts';
import type { NotificationReportResponse } from '../rest/index.ts';

type Plan = NotificationReportResponse['volume'][number];

/** The notifications of the week that are planned, against its budget, plan by plan. */
export function VolumePanel({ plans }: { plans: readonly Plan[] }): JSX.Element {
  const last = plans.at(-1);
  return (
    <section class="panel stack" aria-labelledby="volume-title">
      <h2 id="volume-title">Volume</h2>
      {last === undefined ? (
        <p class="quiet">
          Nothing was planned yet: <code>pinwalk notify plan</code>, or the setting <code>notifyPlanHour</code>.
        </p>
      ) : (
        <>
          <p>
            <strong class="number">{formatCount(last.planned)}</strong> of {counted(last.budget, 'notification')} of
            the week are planned, for {counted(last.people, 'person').replace('persons', 'people')}.
          </p>
          <ul class="volume">
            {plans.map((plan) => (
              <li key={`${plan.campaign} ${plan.window}`} style={{ '--share': shareText(plan) }}>
                <span class="number">{plan.window}</span>
                <span class="bar" aria-hidden="true" />
                <span class="number">
                  {formatCount(plan.planned)} <span class="quiet">of {formatCount(plan.budget)}</span>
                </span>
              </li>
            ))}
          </ul>
          <p class="quiet small">
            {last.threshold === null
              ? 'The budget is spent: nothing more is planned this week.'
              : `A notification is sent if it is worth more than ${last.threshold.toFixed(3)} clicks.`}
          </p>
        </>
      )}
    </section>
  );
} // prettier-ignore

function shareText({ planned, budget }: Plan): string {
  return formatPercent(budget === 0 ? 0 : Math.min(1, planned / budget)).replace(' ', '');
}
