import type { JSX } from 'preact';
import type { Asking, RestProblem } from '../rest/index.ts';
import { useExplorer } from '../context/index.ts';

/** Why there is no answer, and what happens next. Nothing, when there is one. */
export function Trouble({
  asking,
}: {
  asking: Pick<Asking<unknown>, 'problem' | 'retry' | 'answer'>;
}): JSX.Element | null {
  const { problem, retry } = asking;
  if (problem === undefined) return null;
  const waits = problem.retryAfterSeconds !== undefined;
  // What the server refuses it will refuse again.
  const canHelp = waits || problem.status === 0 || problem.status >= 500;
  return (
    <div class={waits ? 'trouble waits' : 'trouble'} role="alert">
      <p>
        <strong>{titleOf(problem)}</strong> {sentence(problem.message)}
        {asking.answer !== undefined && waits && ' What you see is from before.'}
      </p>
      {problem.faults.length > 1 && (
        <ul>
          {problem.faults.map(({ pointer, detail }) => (
            <li key={pointer}>
              <code>{pointer}</code> {detail}
            </li>
          ))}
        </ul>
      )}
      {waits && <p class="quiet small">Asking again every few seconds.</p>}
      {canHelp && (
        <button type="button" class="button" onClick={retry}>
          Ask now
        </button>
      )}
    </div>
  );
}

/** Offers to load the images of other hosts, where an answer has such. */
export function ImagesOffer({ hasImages }: { hasImages: boolean }): JSX.Element | null {
  const { showsImages, setShowsImages } = useExplorer();
  if (!hasImages) return null;
  return (
    <button
      type="button"
      class="button"
      aria-pressed={showsImages}
      title="Images come from other hosts, which then learn what you look at"
      onClick={() => setShowsImages(!showsImages)}
    >
      {showsImages ? 'Hide images' : 'Show images'}
    </button>
  );
}

const titles: Readonly<Record<string, string>> = {
  'graph-not-ready': 'The graph is not ready yet.',
  overloaded: 'The server is busy.',
  'rate-limited': 'Too many requests.',
  'storage-unavailable': 'Nothing can be written now.',
  unreachable: 'No connection.',
  'missing-key': 'This server wants an API key.',
  'invalid-key': 'The API key is not valid.',
  'insufficient-scope': 'This API key may not do that.',
  'invalid-request': 'This cannot be asked.',
  'invalid-filter': 'The filter is not right.',
};

function titleOf({ code }: RestProblem): string {
  if (code.startsWith('unknown-')) return 'Not found.';
  return titles[code] ?? 'Something went wrong.';
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
