import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { RecommendedCards, cardFields } from '../cards/index.ts';
import { useExplorer } from '../context/index.ts';
import { type RecommendationResponse, type User, pathOf, useAnswer } from '../rest/index.ts';
import { SaveButton } from '../saving/index.ts';
import { counted } from './counted.ts';
import { SavesList } from './saves-list.tsx';
import { ThingGate } from './thing-gate.tsx';
import { ThingHead } from './thing-head.tsx';
import type { ThingProps } from './thing-view.tsx';

const pageSize = 18;
const boardsLimit = 6;

export function UserView({ thing, linkTo }: ThingProps): JSX.Element {
  const { client, version } = useExplorer();
  const [feedLimit, setFeedLimit] = useState(pageSize);
  const path = pathOf('user', thing.key);
  const user = useAnswer(async (signal) => client.get<User>(path, signal), [path, version]);
  const ask = (what: string, limit: number) => async (signal: AbortSignal) =>
    client.get<RecommendationResponse>(
      `${path}/${what}?limit=${limit}&explain=true&fields=${cardFields.join(',')}`,
      signal,
    );
  const feed = useAnswer(ask('feed', feedLimit), [path, feedLimit, version]);
  const boards = useAnswer(ask('boards', boardsLimit), [path, version]);
  return (
    <>
      <ThingGate asking={user} thing={thing}>
        {({ attributes, counts }) => (
          <ThingHead
            thing={thing}
            title={thing.key}
            attributes={attributes}
            facts={
              <>
                <strong>{counted(counts.saves, 'save')}</strong> on {counted(counts.boards, 'board')}
              </>
            }
          />
        )}
      </ThingGate>
      {user.answer !== undefined && user.problem === undefined && (
        <div class="columns">
          <div class="stack">
            <RecommendedCards
              heading="For this user"
              label="Pins for this user"
              asking={feed}
              limit={feedLimit}
              onMore={() => setFeedLimit(feedLimit + pageSize)}
              empty="There is nothing new for them."
              linkTo={linkTo}
              actions={(each) => <SaveButton pin={each.key} user={thing.key} />}
            />
            <RecommendedCards
              heading="Boards to follow"
              label="Boards to follow"
              asking={boards}
              limit={boardsLimit}
              empty="No board of others has to do with theirs."
              linkTo={linkTo}
            />
          </div>
          <SavesList
            heading="Their boards"
            path={path}
            empty="They have saved nothing."
            thingOf={({ board }) => ({ kind: 'board', key: board ?? '' })}
            linkTo={linkTo}
            isGrouped
          />
        </div>
      )}
    </>
  );
}
