import type { JSX } from 'preact';
import { ReasonLine, Tile, Trouble } from '../cards/index.ts';
import { Link, useExplorer } from '../context/index.ts';
import { type Asking, type RecommendedItem, type RecommendationResponse, thingOf } from '../rest/index.ts';
import { useTitle } from '../titles/index.ts';
import type { Mark } from './compare.ts';
import { useGlide } from './use-glide.ts';

const skeletons = 12;

/** A ranked answer, line by line; what was answered before stays until the next is there. */
export function AnswerList({
  label,
  asking,
  marks,
  isSecond,
  onLeaveOut,
}: {
  label: string;
  asking: Asking<RecommendationResponse>;
  marks?: ReadonlyMap<string, Mark> | undefined;
  isSecond: boolean;
  /** Asks without this pin from now on. */
  onLeaveOut: (pin: string) => void;
}): JSX.Element {
  const { titles } = useExplorer();
  const { answer, problem, isStale } = asking;
  const items = answer?.items ?? [];
  const best = items[0]?.score ?? 1;
  const list = useGlide(answer);
  return (
    <section class="answer" aria-label={label}>
      <Facts label={label} answer={answer} />
      <Trouble asking={asking} />
      {answer !== undefined && answer.missing.length > 0 && (
        <p class="quiet small">Not in the graph: {answer.missing.join(', ')}.</p>
      )}
      {answer?.fallback === 'cold-start' && (
        <p class="quiet small">Nothing is saved there yet: this is what is popular.</p>
      )}
      {answer !== undefined && items.length === 0 && problem === undefined && (
        <p class="quiet">Nothing fits. A filter or minRelevance may be too strict.</p>
      )}
      <ol
        ref={list}
        class="ranked"
        aria-label={`${label}, ranked`}
        aria-busy={isStale && problem === undefined}
      >
        {answer === undefined && problem === undefined
          ? Array.from({ length: skeletons }, (_, i) => <li key={i} class="ranked-line skeleton" />)
          : items.map((item) => {
              const thing = thingOf(item);
              titles.learn(thing.kind, thing.key, item.fields?.['title']);
              return (
                <Line
                  key={thing.key}
                  item={item}
                  share={best > 0 ? item.score / best : 0}
                  mark={marks?.get(thing.key)}
                  isSecond={isSecond}
                  onLeaveOut={onLeaveOut}
                />
              );
            })}
      </ol>
    </section>
  );
}

function Facts({
  label,
  answer,
}: {
  label: string;
  answer: RecommendationResponse | undefined;
}): JSX.Element {
  const { algorithm, stats } = answer ?? {};
  return (
    <div class="answer-facts">
      <h2>{label}</h2>
      <p class="quiet small number">
        {algorithm !== undefined && stats !== undefined ? (
          <>
            <code>{algorithm.name}</code>
            {stats.steps !== undefined && ` · ${stats.steps.toLocaleString('en')} steps`} ·{' '}
            {stats.walkMs.toFixed(1)} ms · {stats.candidates.toLocaleString('en')} candidates
          </>
        ) : (
          '\u2007'
        )}
      </p>
    </div>
  );
}

function Line({
  item,
  share,
  mark,
  isSecond,
  onLeaveOut,
}: {
  item: RecommendedItem;
  share: number;
  mark: Mark | undefined;
  isSecond: boolean;
  onLeaveOut: (pin: string) => void;
}): JSX.Element {
  const { titles } = useExplorer();
  const thing = thingOf(item);
  const title = useTitle(titles, thing);
  return (
    <li data-key={thing.key} class={mark === 'only' ? 'ranked-line is-only' : 'ranked-line'}>
      <span class="rank number" aria-hidden="true">
        {item.rank}
      </span>
      <Tile name={title} imageUrl={item.fields?.['imageUrl']} />
      <div class="ranked-text">
        <Link to={{ view: 'thing', thing, trail: [] }} class="ranked-title" title={title}>
          {title}
        </Link>
        {item.reason !== undefined && <ReasonLine reason={item.reason} kind={thing.kind} />}
      </div>
      {mark !== undefined && <MarkBadge mark={mark} isSecond={isSecond} />}
      {thing.kind === 'pin' && (
        <button
          type="button"
          class="icon-button small leave-out"
          aria-label={`Leave out ${title}`}
          title="Leave it out"
          onClick={() => onLeaveOut(thing.key)}
        >
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="M5 10h10" />
          </svg>
        </button>
      )}
      <span class="share" aria-hidden="true">
        <span style={{ inlineSize: `${(Math.max(share, 0.01) * 100).toFixed(1)}%` }} />
      </span>
    </li>
  );
}

function MarkBadge({ mark, isSecond }: { mark: Mark; isSecond: boolean }): JSX.Element {
  const other = isSecond ? 'A' : 'B';
  if (mark === 'only') return <span class="badge only">only {isSecond ? 'B' : 'A'}</span>;
  if (mark === 0) {
    return (
      <span class="badge">
        <span aria-hidden="true">=</span>
        <span class="visually-hidden">at the same place in {other}</span>
      </span>
    );
  }
  const isUp = mark > 0;
  const places = Math.abs(mark);
  return (
    <span class={isUp ? 'badge up' : 'badge down'}>
      <span aria-hidden="true">{`${isUp ? '▲' : '▼'}\u2009${places}`}</span>
      <span class="visually-hidden">
        {places} {isUp ? 'higher' : 'lower'} than in {other}
      </span>
    </span>
  );
}
