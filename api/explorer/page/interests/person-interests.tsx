import type { JSX } from 'preact';
import { Link, useExplorer, useGet } from '../context/index.ts';
import { ProblemMessage } from '../controls/index.ts';
import { counted, formatPercent } from '../format/index.ts';
import { type PersonInterestsResponse, RestProblem } from '../rest/index.ts';

type PersonInterest = PersonInterestsResponse['interests'][number];

const interestsShown = 8;

const trends = {
  rising: { text: '↗ rising', tone: 'good' },
  falling: { text: '↘ falling', tone: '' },
} as const;

/** What a user likes, by their saves: each interest with its share, evidence and trend; any of them can be hidden. */
export function PersonInterests({ user }: { user: string }): JSX.Element | null {
  const path = `/v1/users/${encodeURIComponent(user)}/interests`;
  const fetched = useGet<PersonInterestsResponse>(`${path}?limit=${interestsShown}`);
  const setHidden = useSetHidden(path);
  const { data, problem, isStale } = fetched;
  // Without a graph or without analysis, the page of a user shows no interests.
  if (data !== undefined && data.interests.length === 0 && data.hidden.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="interests-title">
      <h2 id="interests-title">Interests</h2>
      <ProblemMessage fetched={fetched} />
      {data?.isTruncated === true && <p class="quiet small">From the first {counted(data.saves, 'save')}.</p>}
      <ul class="lines person-interests" aria-busy={isStale && problem === undefined}>
        {data?.interests.map((each) => (
          <Line
            key={each.interest}
            user={user}
            interest={each}
            isDisabled={isStale}
            onHide={() => void setHidden(each.interest, each.name, true)}
          />
        ))}
      </ul>
      {data !== undefined && data.hidden.length > 0 && (
        <div class="stack tight">
          <h3>Hidden</h3>
          <p class="quiet small">Never used for this user: not in their feeds, nor for anything else.</p>
          <ul class="chips">
            {data.hidden.map(({ interest, name }) => (
              <li key={interest} class="row">
                <span>{name ?? interest}</span>
                <button
                  type="button"
                  class="button small"
                  aria-label={`Show ${name ?? interest} again`}
                  onClick={() => void setHidden(interest, name ?? interest, false)}
                >
                  Show again
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

function Line({
  user,
  interest: { interest, name, weight, text, trend, pins },
  isDisabled,
  onHide,
}: {
  user: string;
  interest: PersonInterest;
  isDisabled: boolean;
  onHide: () => void;
}): JSX.Element {
  const shown = trend === 'rising' || trend === 'falling' ? trends[trend] : undefined;
  return (
    <li class="person-interest" style={{ '--share': `${(100 * weight).toFixed(1)}%` }}>
      <div class="row apart">
        <h3>
          <Link to={{ view: 'interests', id: interest, user }} class="node-link">
            {name}
          </Link>
        </h3>
        <span class="row">
          {shown !== undefined && (
            <span class={`badge ${shown.tone}`} title="The latest 30 days against the time before">
              {shown.text}
            </span>
          )}
          <span class="number" title="Share of what goes with their saves; newer saves weigh more">
            {formatPercent(weight)}
          </span>
        </span>
      </div>
      <span class="interest-share" aria-hidden="true" />
      <div class="row apart">
        <p class="quiet small">
          {text}
          {pins.length > 0 && `: ${pins.map(({ pin, title }) => title ?? pin).join(', ')}`}
        </p>
        <button
          type="button"
          class="button small"
          aria-label={`Hide ${name}`}
          disabled={isDisabled}
          onClick={onHide}
        >
          Hide
        </button>
      </div>
    </li>
  );
}

type SetHidden = (interest: string, name: string, hidden: boolean) => Promise<void>;

/** Hides an interest or shows it again, reports it in a notice that can undo it, and reloads the data on the page. */
function useSetHidden(path: string): SetHidden {
  const { client, onWrite, notify } = useExplorer();
  const setHidden: SetHidden = async (interest, name, hidden) => {
    try {
      await client.put(`${path}/${encodeURIComponent(interest)}`, { hidden });
    } catch (error) {
      notify({ text: RestProblem.from(error).message });
      return;
    }
    onWrite();
    notify({
      text: hidden ? `${name} is hidden.` : `${name} is shown again.`,
      undo: async () => setHidden(interest, name, !hidden),
    });
  };
  return setHidden;
}
