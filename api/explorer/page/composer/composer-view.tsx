import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type Composition, type Settings, bodyOf, noSettings } from '../address/index.ts';
import { cardFields } from '../cards/index.ts';
import { Link, useExplorer } from '../context/index.ts';
import { type Asking, type RecommendationResponse, useAnswer } from '../rest/index.ts';
import { AnswerList } from './answer-list.tsx';
import { marksOf, onlyThere, sharedCount } from './compare.ts';
import { CurlBox } from './curl-box.tsx';
import { QueryEditor } from './query-editor.tsx';
import { SettingsEditor } from './settings-editor.tsx';

/** A query of one's own, asked anew with every change; and a second way to ask it, for comparing. */
export function ComposerView({ composition }: { composition: Composition }): JSX.Element {
  const { go } = useExplorer();
  const { query, settings, other } = composition;
  const [isSecond, setSecond] = useState(false);
  // On a phone, the answer is to be seen under the query.
  const [isWide] = useState(() => matchMedia('(min-width: 901px)').matches);
  useEffect(() => {
    document.title = 'Compose · pinwalk';
  }, []);
  const change = (next: Partial<Composition>, how: 'push' | 'replace'): void =>
    go({ view: 'compose', composition: { ...composition, ...next } }, how);
  const isEditingOther = isSecond && other !== undefined;
  return (
    <>
      <div class="row apart view-head">
        <h1>Compose</h1>
        <div class="row">
          <Link to={{ view: 'walk', composition }} class="button">
            Draw the walk
          </Link>
          <button
            type="button"
            class="button"
            aria-pressed={other !== undefined}
            onClick={() => {
              setSecond(other === undefined);
              change({ other: other === undefined ? settings : undefined }, 'push');
            }}
          >
            {other === undefined ? 'Compare two settings' : 'End comparing'}
          </button>
        </div>
      </div>
      <div class="composer">
        <div class="composer-side">
          <QueryEditor query={query} onChange={(next, how) => change({ query: next }, how)} />
          <details class="panel" open={isWide || other !== undefined}>
            <summary>
              <h2>How</h2>
            </summary>
            {other !== undefined && <WhichSettings isSecond={isEditingOther} onChange={setSecond} />}
            <SettingsEditor
              key={isEditingOther ? 'B' : 'A'}
              query={query}
              settings={isEditingOther ? other : settings}
              onChange={(next, how) => change(isEditingOther ? { other: next } : { settings: next }, how)}
            />
          </details>
        </div>
        {query.length === 0 ? (
          <p class="composer-empty quiet">
            Add a pin, a board or a user, or several: what goes with them comes up here, and changes as you
            turn the sliders.
          </p>
        ) : (
          <Answers
            {...composition}
            onLeaveOut={(pin) => {
              const without = (own: Settings): Settings => ({ ...own, without: [...own.without, pin] });
              change({ settings: without(settings), other: other && without(other) }, 'push');
            }}
          />
        )}
      </div>
    </>
  );
}

function WhichSettings({
  isSecond,
  onChange,
}: {
  isSecond: boolean;
  onChange: (isSecond: boolean) => void;
}): JSX.Element {
  return (
    <div class="segments" role="group" aria-label="Settings to edit">
      {[false, true].map((second) => (
        <button
          key={String(second)}
          type="button"
          class="segment"
          aria-pressed={second === isSecond}
          onClick={() => onChange(second)}
        >
          Setting {second ? 'B' : 'A'}
        </button>
      ))}
    </div>
  );
}

function Answers({
  query,
  settings,
  other,
  onLeaveOut,
}: Composition & { onLeaveOut: (pin: string) => void }): JSX.Element {
  const first = useRecommendations(query, settings);
  const second = useRecommendations(query, other ?? noSettings, other !== undefined);
  const body = bodyOf(query, settings);
  if (other === undefined) {
    return (
      <div class="composer-answers">
        <AnswerList label="Goes with it" asking={first} isSecond={false} onLeaveOut={onLeaveOut} />
        <CurlBox label="This call" body={body} />
      </div>
    );
  }
  const [a, b] = [first.answer?.items, second.answer?.items];
  const isBoth = a !== undefined && b !== undefined;
  return (
    <div class="composer-answers">
      <p class="compared" role="status">
        {isBoth && (
          <>
            <strong class="number">{sharedCount(a, b)}</strong> of{' '}
            <span class="number">{Math.max(a.length, b.length)}</span> in both
          </>
        )}
      </p>
      <div class="two">
        <AnswerList
          label="A"
          asking={first}
          marks={isBoth ? onlyThere(marksOf(a, b)) : undefined}
          isSecond={false}
          onLeaveOut={onLeaveOut}
        />
        <AnswerList
          label="B"
          asking={second}
          marks={isBoth ? marksOf(b, a) : undefined}
          isSecond
          onLeaveOut={onLeaveOut}
        />
      </div>
      <CurlBox label="Call A" body={body} />
      <CurlBox label="Call B" body={bodyOf(query, other)} />
    </div>
  );
}

function useRecommendations(
  query: Composition['query'],
  settings: Settings,
  isWanted = true,
): Asking<RecommendationResponse> {
  const { client, version } = useExplorer();
  const body = { ...bodyOf(query, settings), explain: true, fields: cardFields };
  const asking = useAnswer(
    async (signal) => {
      return isWanted ? client.post<RecommendationResponse>('/v1/recommendations', body, signal) : undefined;
    },
    [JSON.stringify(body), isWanted, version],
  );
  return asking as Asking<RecommendationResponse>;
}
