import type { ComponentChildren, JSX } from 'preact';
import type { Address, ThingName } from '../address/index.ts';
import { type Asking, type RecommendedItem, type RecommendationResponse, thingOf } from '../rest/index.ts';
import { useExplorer } from '../context/index.ts';
import { CardGrid } from './card-grid.tsx';
import { ThingCard } from './thing-card.tsx';
import { isOwn, safeImageUrl } from './tile.tsx';
import { ImagesOffer, Trouble } from './trouble.tsx';

/** What is looked at beyond is asked for by a program, not by eye. */
const cardsMax = 240;

/** Fields that cards show. */
export const cardFields: readonly string[] = ['title', 'imageUrl'];

/** A ranked answer as cards, under its heading. */
export function RecommendedCards({
  heading,
  label,
  asking,
  limit,
  empty,
  linkTo,
  actions,
  detail,
  onMore,
}: {
  heading: ComponentChildren;
  label: string;
  asking: Asking<RecommendationResponse>;
  limit: number;
  /** What is said of an answer without items. */
  empty: string;
  linkTo: (thing: ThingName) => Address;
  actions?: (thing: ThingName) => ComponentChildren;
  detail?: (item: RecommendedItem) => string;
  /** Asks for a longer answer. */
  onMore?: () => void;
}): JSX.Element {
  const { titles, showsImages } = useExplorer();
  const { answer, problem, isStale } = asking;
  const items = answer?.items ?? [];
  const urls = items.map(({ fields }) => safeImageUrl(fields?.['imageUrl']));
  const isForeign = urls.some((url) => url !== undefined && !isOwn(url));
  const isTall = urls.some((url) => url !== undefined && (showsImages || isOwn(url)));
  const best = items[0]?.score ?? 1;
  return (
    <section class="section">
      <div class="row apart">
        <h2>{heading}</h2>
        <ImagesOffer hasImages={isForeign} />
      </div>
      <Trouble asking={asking} />
      {answer?.fallback === 'cold-start' && detail === undefined && (
        <p class="quiet">Nothing is saved here yet, so this is what is popular.</p>
      )}
      {answer !== undefined && items.length === 0 && <p class="quiet">{empty}</p>}
      <CardGrid
        label={label}
        isBusy={isStale && problem === undefined}
        isLow={detail !== undefined}
        expected={answer === undefined && problem === undefined ? limit : 0}
      >
        {items.map((item) => {
          const thing = thingOf(item);
          titles.learn(thing.kind, thing.key, item.fields?.['title']);
          return (
            <ThingCard
              key={thing.key}
              thing={thing}
              to={linkTo(thing)}
              imageUrl={item.fields?.['imageUrl']}
              isTall={isTall}
              {...(detail ? { detail: detail(item) } : { reason: item.reason })}
              share={best > 0 ? item.score / best : undefined}
              actions={actions?.(thing)}
            />
          );
        })}
      </CardGrid>
      {onMore !== undefined && items.length > 0 && items.length >= limit && limit < cardsMax && (
        <button type="button" class="button more-cards" disabled={isStale} onClick={onMore}>
          More
        </button>
      )}
    </section>
  );
}
