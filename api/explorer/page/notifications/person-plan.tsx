import type { JSX } from 'preact';
import { NodeLink, useExplorer, useGet } from '../context/index.ts';
import { IconButton, ProblemMessage } from '../controls/index.ts';
import { formatPercent } from '../format/index.ts';
import type { NotificationPlanResponse } from '../rest/index.ts';
import { NodeSearch } from '../search/index.ts';
import { Contributions } from './contributions.tsx';
import { RecentDecisions } from './recent-decisions.tsx';
import type { Rules } from './rules.ts';

type Decided = NonNullable<NotificationPlanResponse['decision']>;

/** Whose plan to show, and that plan. */
export function PersonPlan({ user, rules }: { user: string | undefined; rules: Rules }): JSX.Element {
  const { go } = useExplorer();
  return (
    <section class="panel stack" aria-labelledby="person-plan-title">
      <h2 id="person-plan-title">To a person now</h2>
      {user === undefined ? (
        <div class="notification-user">
          <NodeSearch
            id="notification-user"
            label="Show what would be sent to a user"
            placeholder="What would be sent to a user"
            kinds={['user']}
            onPick={({ key }) => go({ view: 'notifications', user: key })}
          />
        </div>
      ) : (
        <PlanOf key={user} user={user} rules={rules} />
      )}
    </section>
  );
}

function PlanOf({ user, rules }: { user: string; rules: Rules }): JSX.Element {
  const { go } = useExplorer();
  const fetched = useGet<NotificationPlanResponse>(
    `/v1/users/${encodeURIComponent(user)}/notifications/plan`,
  );
  const { data, problem } = fetched;
  return (
    <div class="stack" aria-busy={data === undefined && problem === undefined}>
      <p class="row">
        <span>
          For <NodeLink node={{ kind: 'user', key: user }} class="node-link" />
        </span>
        <IconButton
          icon="close"
          class="small"
          label="Show no user's plan"
          title="Show no user’s plan"
          onClick={() => go({ view: 'notifications' })}
        />
      </p>
      <ProblemMessage fetched={fetched} />
      {data?.decision === null && (
        <p class="quiet">
          No usable channel: nothing is ever sent. <code>PUT /v1/users/{'{user}'}/channels</code> sets one
          with consent.
        </p>
      )}
      {data !== undefined && data.decision !== null && <Decision decision={data.decision} rules={rules} />}
      {data !== undefined && data.recent.length > 0 && (
        <RecentDecisions decisions={data.recent} rules={rules} />
      )}
    </div>
  );
}

function Decision({ decision, rules }: { decision: Decided; rules: Rules }): JSX.Element {
  const { title, text, template, pins, contributions } = decision;
  return (
    <>
      <Verdict decision={decision} rules={rules} />
      {title !== null && (
        <blockquote class="notification-copy">
          <strong>{title}</strong>
          {text !== null && <p>{text}</p>}
          {template !== null && (
            <p class="quiet small">
              {template.name}, chosen with probability {formatPercent(template.propensity)}
            </p>
          )}
        </blockquote>
      )}
      <Worth decision={decision} />
      {pins.length > 0 && (
        <div class="halves notification-why">
          <div class="stack tight">
            <h3>Pins that were considered</h3>
            <p class="quiet small">With the probability of a click, if the pin is sent.</p>
            <ol class="lines considered">
              {pins.map(({ pin, source, open }) => (
                <li key={pin} class="row apart">
                  <NodeLink node={{ kind: 'pin', key: pin }} class="node-link clip" />
                  <span class="quiet small">
                    {source} <span class="number">{formatPercent(open, 1)}</span>
                  </span>
                </li>
              ))}
            </ol>
          </div>
          <Contributions features={contributions} />
        </div>
      )}
    </>
  );
}

function Verdict({
  decision: { suppressedBy, channel, sendAt, hour, held },
  rules,
}: {
  decision: Decided;
  rules: Rules;
}): JSX.Element {
  if (suppressedBy !== null) {
    const meaning = rules[suppressedBy];
    return (
      <p>
        <span class="badge">held back</span> <strong>{suppressedBy}</strong>
        {meaning !== undefined && `: ${meaning}`}
      </p>
    );
  }
  const at = sendAt === null ? '' : ` (${sendAt.slice(0, 16).replace('T', ' ')} UTC)`;
  return (
    <p>
      <span class="badge good">would be sent</span> by <strong>{channel}</strong>
      {hour !== null && `, at ${hour} o’clock there${at}`}
      {held && '; their best hour is quiet, so it waits until then and is scored again'}
    </p>
  );
}

function Worth({ decision: { value, threshold, unsubscribe } }: { decision: Decided }): JSX.Element | null {
  if (value === null) return null;
  return (
    <p class="quiet small">
      Worth {value.toFixed(4)} clicks, less what it costs the week's other notifications and through unsubscribes; {threshold === null ? 'the budget of the week is spent' : `the threshold is ${threshold.toFixed(4)}`}
      {unsubscribe !== null && `. Probability that they unsubscribe: ${formatPercent(unsubscribe, 2)}`}.
    </p>
  ); // prettier-ignore
}
