import type { JSX } from 'preact';
import type { NotificationPlanResponse } from '../rest/index.ts';

/** What each feature adds to the log odds of a click: bars to the right raise them, to the left lower them. */
export function Contributions({
  features,
}: {
  features: NonNullable<NotificationPlanResponse['decision']>['contributions'];
}): JSX.Element | null {
  if (features.length === 0) return null;
  const largest = Math.max(...features.map(({ logOdds }) => Math.abs(logOdds)), 1e-9);
  return (
    <div class="stack tight">
      <h3>Why this probability</h3>
      <p class="quiet small">What each feature of the first pin adds to the log odds of a click.</p>
      <ul class="contributions">
        {features.map(({ feature, logOdds }) => (
          <li key={feature} style={{ '--share': `${((100 * Math.abs(logOdds)) / largest).toFixed(1)}%` }}>
            <span>{feature}</span>
            <span class={logOdds < 0 ? 'bar lowers' : 'bar'} aria-hidden="true" />
            <span class="number">{signed(logOdds)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function signed(value: number): string {
  const text = Math.abs(value).toFixed(2);
  if (Number(text) === 0) return '0';
  return value < 0 ? `−${text}` : `+${text}`;
}
