import type { JSX } from 'preact';
import { formatCount } from '../format/index.ts';
import type { NotificationReportResponse } from '../rest/index.ts';
import type { Rules } from './rules.ts';

/** Held-back notifications, by rule. */
export function HeldBackTable({
  heldBack,
  rules,
}: {
  heldBack: NotificationReportResponse['heldBack'];
  rules: Rules;
}): JSX.Element {
  return (
    <section class="panel stack" aria-labelledby="held-back-title">
      <h2 id="held-back-title">Held back</h2>
      {heldBack.length === 0 ? (
        <p class="quiet">Nothing was held back.</p>
      ) : (
        <ul class="lines held-back">
          {heldBack.map(({ rule, count }) => (
            <li key={rule}>
              <span class="row apart">
                <strong>{rule}</strong>
                <span class="number">{formatCount(count)}</span>
              </span>
              {rules[rule] !== undefined && <span class="quiet small">{rules[rule]}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
