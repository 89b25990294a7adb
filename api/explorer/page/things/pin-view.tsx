import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { RecommendedCards, cardFields } from '../cards/index.ts';
import { useExplorer } from '../context/index.ts';
import { type Pin, type RecommendationResponse, pathOf, useAnswer } from '../rest/index.ts';
import { SaveButton } from '../saving/index.ts';
import { counted } from './counted.ts';
import { SavesList } from './saves-list.tsx';
import { ThingGate } from './thing-gate.tsx';
import { ThingHead } from './thing-head.tsx';
import type { ThingProps } from './thing-view.tsx';

const pageSize = 24;

export function PinView({ thing, linkTo }: ThingProps): JSX.Element {
  const { client, titles, version } = useExplorer();
  const [limit, setLimit] = useState(pageSize);
  const path = pathOf('pin', thing.key);
  const pin = useAnswer(async (signal) => client.get<Pin>(path, signal), [path, version]);
  const fields = cardFields.join(',');
  const related = useAnswer(
    async (signal) =>
      client.get<RecommendationResponse>(
        `${path}/related?limit=${limit}&explain=true&fields=${fields}`,
        signal,
      ),
    [path, limit, version],
  );
  titles.learn('pin', thing.key, pin.answer?.title);
  return (
    <>
      <ThingGate asking={pin} thing={thing}>
        {({ title, text, url, imageUrl, attributes, createdAt, counts }) => (
          <ThingHead
            thing={thing}
            title={title ?? thing.key}
            imageUrl={imageUrl}
            attributes={attributes}
            facts={
              <>
                On <strong>{counted(counts.boards, 'board')}</strong>
                {createdAt !== null && `, since ${createdAt.slice(0, 10)}`}
                {isWebAddress(url) && (
                  <>
                    {' · '}
                    <a href={url} rel="noreferrer noopener">
                      {new URL(url).host}
                    </a>
                  </>
                )}
              </>
            }
            actions={<SaveButton pin={thing.key} isPrimary />}
          >
            {text !== null && <p class="thing-text">{text}</p>}
          </ThingHead>
        )}
      </ThingGate>
      {pin.answer !== undefined && pin.problem === undefined && (
        <div class="columns">
          <RecommendedCards
            heading="Goes with"
            label="Pins that go with it"
            asking={related}
            limit={limit}
            onMore={() => setLimit(limit + pageSize)}
            empty="Nothing shares a board with it yet."
            linkTo={linkTo}
            actions={(each) => <SaveButton pin={each.key} />}
          />
          <SavesList
            heading="On these boards"
            path={path}
            empty="It is on no board."
            thingOf={({ board }) => ({ kind: 'board', key: board ?? '' })}
            linkTo={linkTo}
          />
        </div>
      )}
    </>
  );
}

function isWebAddress(url: string | null): url is string {
  return url !== null && /^https?:\/\//i.test(url) && URL.canParse(url);
}
