import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { RecommendedCards, useRanked } from '../cards/index.ts';
import { Link, NodeLink, useExplorer, useGet, usePageTitle } from '../context/index.ts';
import { IconButton, ProblemMessage } from '../controls/index.ts';
import { counted, formatCount } from '../format/index.ts';
import type { InterestResponse } from '../rest/index.ts';
import { SaveButton } from '../saving/index.ts';
import { NodeSearch } from '../search/index.ts';
import { EditDialog, Merged } from './edit-dialog.tsx';

const pinsShown = 24;
const feedSize = 18;

/** One interest: its parent and children, its most saved pins, and a person's feed of it. */
export function InterestView({ id, user }: { id: string; user: string | undefined }): JSX.Element {
  const fetched = useGet<InterestResponse>(`/v1/interests/${encodeURIComponent(id)}?pins=${pinsShown}`);
  const { data, problem } = fetched;
  usePageTitle(data?.name ?? 'Interest');
  return (
    <>
      <nav class="trail" aria-label="Interests above">
        <ol>
          <li>
            <Link to={{ view: 'interests' }}>Interests</Link>
          </li>
          {data?.above.map((each) => (
            <li key={each.id}>
              <Link to={{ view: 'interests', id: each.id }} class="clip">
                {each.name}
              </Link>
            </li>
          ))}
        </ol>
      </nav>
      <Head fetched={fetched} />
      {data !== undefined && problem === undefined && (
        <div class="columns">
          <div class="stack loose">
            <Feed id={id} user={user} />
            <MostSaved pins={data.topPins} />
          </div>
          <Children interests={data.children} />
        </div>
      )}
    </>
  );
}

function Head({ fetched }: { fetched: ReturnType<typeof useGet<InterestResponse>> }): JSX.Element {
  const { data, problem } = fetched;
  const [isEditing, setEditing] = useState(false);
  return (
    <header class="interest-head stack" aria-busy={data === undefined && problem === undefined}>
      <h1>{data?.name ?? (problem === undefined ? '\u00a0' : 'Interest')}</h1>
      <ProblemMessage fetched={fetched} />
      {data !== undefined && problem === undefined && (
        <>
          <p>
            <strong>{counted(data.counts.pins, 'pin')}</strong> on {counted(data.counts.boards, 'board')},{' '}
            {counted(data.counts.saves, 'save')}
            {data.hidden && (
              <span class="badge">{data.edit.hidden === true ? 'hidden' : 'hidden with the one above'}</span>
            )}{' '}
            <button type="button" class="button small" onClick={() => setEditing(true)}>
              Edit
            </button>
          </p>
          <Merged interest={data} />
          {isEditing && <EditDialog interest={data} onClose={() => setEditing(false)} />}
          {data.words.length > 0 && (
            <ul class="chips" aria-label="Words that set it apart">
              {data.words.map((word) => (
                <li key={word}>
                  <Link to={{ view: 'search', search: { q: word } }} class="chip">
                    {word}
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </header>
  );
}

function MostSaved({ pins }: { pins: InterestResponse['topPins'] }): JSX.Element {
  const { titles } = useExplorer();
  for (const { pin, title } of pins) titles.add({ kind: 'pin', key: pin }, title);
  return (
    <section class="stack">
      <h2>Most saved pins</h2>
      <ol class="interest-pins">
        {pins.map(({ pin }) => (
          <li key={pin}>
            <NodeLink node={{ kind: 'pin', key: pin }} />
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Whose feed of the interest to show, and that feed. */
function Feed({ id, user }: { id: string; user: string | undefined }): JSX.Element {
  const { go } = useExplorer();
  if (user !== undefined) return <FeedOf key={user} id={id} user={user} />;
  return (
    <section class="stack">
      <h2>A feed of it</h2>
      <p class="quiet">A user’s feed can be limited to one interest.</p>
      <div class="interest-user">
        <NodeSearch
          id="interest-user"
          label="Show the feed of a user"
          placeholder="Show the feed of a user"
          kinds={['user']}
          onPick={({ key }) => go({ view: 'interests', id, user: key })}
        />
      </div>
    </section>
  );
}

function FeedOf({ id, user }: { id: string; user: string }): JSX.Element {
  const { go } = useExplorer();
  const feed = useRanked(`/v1/users/${encodeURIComponent(user)}/feed`, feedSize, { interest: id });
  return (
    <div class="stack">
      <p class="row">
        <span>
          For <NodeLink node={{ kind: 'user', key: user }} class="node-link" />
        </span>
        <IconButton
          icon="close"
          class="small"
          label="Show no user's feed"
          title="Show no user’s feed"
          onClick={() => go({ view: 'interests', id })}
        />
      </p>
      <RecommendedCards
        {...feed}
        heading="Their feed in this interest"
        empty="There are no new pins of this interest for them."
        actions={({ key }) => <SaveButton pin={key} user={user} />}
      />
    </div>
  );
}

function Children({ interests }: { interests: InterestResponse['children'] }): JSX.Element | null {
  if (interests.length === 0) return null;
  const most = Math.max(...interests.map(({ pins }) => pins));
  return (
    <aside class="stack interest-below" aria-label="Narrower interests">
      <h2>Narrower interests</h2>
      <ul class="lines interest-children">
        {interests.map(({ id, name, pins }) => (
          <li key={id} style={{ '--share': `${((100 * pins) / most).toFixed(0)}%` }}>
            <Link to={{ view: 'interests', id }} class="node-link">
              {name}
            </Link>
            <span class="quiet small number">{formatCount(pins)}</span>
          </li>
        ))}
      </ul>
    </aside>
  );
}
