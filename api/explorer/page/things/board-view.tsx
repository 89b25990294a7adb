import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { RecommendedCards, cardFields } from '../cards/index.ts';
import { Link, useExplorer } from '../context/index.ts';
import { type Board, type RecommendationResponse, pathOf, useAnswer } from '../rest/index.ts';
import { TakeOffButton, SaveToButton } from '../saving/index.ts';
import { counted } from './counted.ts';
import { SavesList } from './saves-list.tsx';
import { ThingGate } from './thing-gate.tsx';
import { ThingHead } from './thing-head.tsx';
import type { ThingProps } from './thing-view.tsx';

const pageSize = 24;

export function BoardView({ thing, linkTo }: ThingProps): JSX.Element {
  const { client, titles, version } = useExplorer();
  const [limit, setLimit] = useState(pageSize);
  const path = pathOf('board', thing.key);
  const board = useAnswer(async (signal) => client.get<Board>(path, signal), [path, version]);
  const fields = cardFields.join(',');
  const ideas = useAnswer(
    async (signal) =>
      client.get<RecommendationResponse>(
        `${path}/ideas?limit=${limit}&explain=true&fields=${fields}`,
        signal,
      ),
    [path, limit, version],
  );
  titles.learn('board', thing.key, board.answer?.title);
  const owner = board.answer?.owner;
  return (
    <>
      <ThingGate asking={board} thing={thing}>
        {({ title, attributes, counts }) => (
          <ThingHead
            thing={thing}
            title={title ?? thing.key}
            attributes={attributes}
            facts={
              <>
                <strong>{counted(counts.pins, 'pin')}</strong>, a board of{' '}
                <Link to={linkTo({ kind: 'user', key: owner ?? '' })}>{owner}</Link>
              </>
            }
          />
        )}
      </ThingGate>
      {board.answer !== undefined && board.problem === undefined && (
        <div class="columns">
          <RecommendedCards
            heading="Ideas for this board"
            label="Pins that would go with this board"
            asking={ideas}
            limit={limit}
            onMore={() => setLimit(limit + pageSize)}
            empty="There are no ideas for it."
            linkTo={linkTo}
            actions={(each) =>
              owner !== undefined && <SaveToButton save={{ user: owner, board: thing.key, pin: each.key }} />
            }
          />
          <SavesList
            heading="On this board"
            path={path}
            empty="Nothing yet."
            thingOf={({ pin }) => ({ kind: 'pin', key: pin ?? '' })}
            linkTo={linkTo}
            actions={({ pin }) =>
              owner !== undefined &&
              pin !== undefined && <TakeOffButton save={{ user: owner, board: thing.key, pin }} />
            }
          />
        </div>
      )}
    </>
  );
}
