import type { JSX } from 'preact';
import { NodeLink } from '../context/index.ts';
import { formatAgo } from '../format/index.ts';
import type { NotificationPlanResponse } from '../rest/index.ts';
import type { Rules } from './rules.ts';

type Recent = NotificationPlanResponse['recent'][number];

const shown = 10;
const tones: Readonly<Record<string, string>> = { sent: 'good', pending: 'busy', held: 'busy', dead: 'bad' };

/** The last plans' decisions for a person: sent, waiting, or held back by which rule. */
export function RecentDecisions({
  decisions,
  rules,
}: {
  decisions: readonly Recent[];
  rules: Rules;
}): JSX.Element {
  return (
    <div class="stack tight">
      <h3>Decided before</h3>
      <ul class="lines held-back">
        {decisions.slice(0, shown).map((each) => (
          <li key={each.id}>
            <span class="row apart">
              <span>
                <span class={`badge ${tones[each.state] ?? ''}`}>
                  {each.suppressedBy === null ? each.state : 'held back'}
                </span>{' '}
                {each.suppressedBy === null ? <Sent of={each} /> : <strong>{each.suppressedBy}</strong>}
              </span>
              <span class="quiet small">{formatAgo(each.decidedAt, Date.now())}</span>
            </span>
            {each.suppressedBy !== null && <span class="quiet small">{rules[each.suppressedBy]}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Sent({ of: { pins, title, channel } }: { of: Recent }): JSX.Element {
  const [first] = pins;
  return (
    <>
      {first === undefined ? title : <NodeLink node={{ kind: 'pin', key: first }} class="node-link" />}{' '}
      <span class="quiet small">by {channel}</span>
    </>
  );
}
