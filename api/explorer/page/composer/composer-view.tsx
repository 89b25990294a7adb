import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Composition, Settings } from '../address/index.ts';
import { useIsTable } from '../cards/index.ts';
import { Link, useExplorer, usePageTitle } from '../context/index.ts';
import { Segments } from '../controls/index.ts';
import { QueryEditor } from './query-editor.tsx';
import { Results } from './results.tsx';
import { SettingsEditor } from './settings-editor.tsx';

/** A query and its settings, with the recommendations after each change; on request, two settings side by side. */
export function ComposerView({ composition }: { composition: Composition }): JSX.Element {
  const { go } = useExplorer();
  const { query, settings, other } = composition;
  const [edited, setEdited] = useState<'A' | 'B'>('A');
  // On a phone, folded settings leave the recommendations in sight.
  const [isWide] = useState(() => matchMedia('(min-width: 901px)').matches);
  const isTable = useIsTable();
  usePageTitle('Compose');
  const change = (next: Partial<Composition>, how: 'push' | 'replace'): void =>
    go({ view: 'compose', composition: { ...composition, ...next }, ...(isTable && { isTable }) }, how);
  const isComparing = other !== undefined;
  const isEditingOther = isComparing && edited === 'B';
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
            aria-pressed={isComparing}
            onClick={() => {
              setEdited(isComparing ? 'A' : 'B');
              change({ other: isComparing ? undefined : settings }, 'push');
            }}
          >
            {isComparing ? 'Stop comparing' : 'Compare two settings'}
          </button>
        </div>
      </div>
      <div class="composer">
        <div class="composer-side stack">
          <QueryEditor query={query} onChange={(next, how) => change({ query: next }, how)} />
          <details class="panel stack" open={isWide || isComparing}>
            <summary>
              <h2>Settings</h2>
            </summary>
            <div class="stack">
              {isComparing && (
                <Segments
                  label="Settings to edit"
                  options={[
                    ['A', 'Setting A'],
                    ['B', 'Setting B'],
                  ]}
                  value={edited}
                  onChange={setEdited}
                />
              )}
              <SettingsEditor
                key={isEditingOther ? 'B' : 'A'}
                query={query}
                settings={isEditingOther ? other : settings}
                onChange={(next, how) => change(isEditingOther ? { other: next } : { settings: next }, how)}
              />
            </div>
          </details>
        </div>
        {query.length === 0 ? (
          <p class="placeholder">
            Add a pin, a board or a user. The recommendations appear here and follow every change of the
            settings.
          </p>
        ) : (
          <Results
            {...composition}
            onExclude={(pin) => {
              const excluding = (before: Settings): Settings => {
                return { ...before, without: [...before.without, pin] };
              };
              change({ settings: excluding(settings), other: other && excluding(other) }, 'push');
            }}
            onWhyNot={(whyNot) =>
              change({ settings: { ...settings, whyNot }, other: other && { ...other, whyNot } }, 'push')
            }
          />
        )}
      </div>
    </>
  );
}
