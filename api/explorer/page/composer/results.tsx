import type { JSX } from 'preact';
import { type Composition, type Settings, bodyOf } from '../address/index.ts';
import { cardFields } from '../cards/index.ts';
import { usePost } from '../context/index.ts';
import type { Fetched, RecommendationResponse } from '../rest/index.ts';
import { marksOf, onlyThere, sharedCount } from './compare.ts';
import { CurlBox } from './curl-box.tsx';
import { RankedList } from './ranked-list.tsx';
import { WhyNot } from './why-not.tsx';

type OnExclude = (pin: string) => void;

/** The recommendations for a composition: one list, or two with what differs. */
export function Results({
  query,
  settings,
  other,
  onExclude,
  onWhyNot,
}: Composition & {
  onExclude: OnExclude;
  /** Called with the pins whose absence is to be explained. */
  onWhyNot: (pins: readonly string[]) => void;
}): JSX.Element {
  const first = useRecommendations(query, settings);
  const second = useRecommendations(query, other);
  const body = bodyOf(query, settings);
  const isOfPins = (settings.target ?? 'pins') === 'pins';
  if (other === undefined) {
    return (
      <div class="stack">
        <RankedList label="Recommendations" fetched={first} hasTable={isOfPins} onExclude={onExclude} />
        {isOfPins && (
          <WhyNot
            pins={settings.whyNot}
            answers={[{ label: '', whyNot: first.data?.whyNot }]}
            onChange={onWhyNot}
          />
        )}
        <CurlBox label="Request" body={body} />
      </div>
    );
  }
  const [a, b] = [first.data?.items, second.data?.items];
  const areBoth = a !== undefined && b !== undefined;
  return (
    <div class="stack">
      <p class="compared" role="status">
        {areBoth && (
          <>
            <strong class="number">{sharedCount(a, b)}</strong> of{' '}
            <span class="number">{Math.max(a.length, b.length)}</span> in both
          </>
        )}
      </p>
      <div class="two">
        <RankedList
          label="A"
          fetched={first}
          marks={areBoth ? onlyThere(marksOf(a, b)) : undefined}
          onExclude={onExclude}
        />
        <RankedList
          label="B"
          fetched={second}
          marks={areBoth ? marksOf(b, a) : undefined}
          isSecond
          onExclude={onExclude}
        />
      </div>
      {isOfPins && (other.target ?? 'pins') === 'pins' && (
        <WhyNot
          pins={settings.whyNot}
          answers={[
            { label: 'A', whyNot: first.data?.whyNot },
            { label: 'B', whyNot: second.data?.whyNot },
          ]}
          onChange={onWhyNot}
        />
      )}
      <CurlBox label="Request A" body={body} />
      <CurlBox label="Request B" body={bodyOf(query, other)} />
    </div>
  );
}

function useRecommendations(
  query: Composition['query'],
  settings: Settings | undefined,
): Fetched<RecommendationResponse | undefined> {
  const body = settings && { ...bodyOf(query, settings), explain: true, fields: cardFields };
  return usePost('/v1/recommendations', body);
}
