import type { JSX } from 'preact';
import type { Fetched, RestProblem } from '../rest/index.ts';

/** Why data is missing and what happens next; nothing when there is no problem. */
export function ProblemMessage({
  fetched: { data, problem, retry },
}: {
  fetched: Pick<Fetched<unknown>, 'data' | 'problem' | 'retry'>;
}): JSX.Element | null {
  if (problem === undefined) return null;
  const isPassing = problem.retryAfterSeconds !== undefined;
  // The server refuses the same invalid request every time.
  const canRetry = isPassing || problem.status === 0 || problem.status >= 500;
  return (
    <div class={isPassing ? 'problem passing' : 'problem'} role="alert">
      <p>
        <strong>{titleOf(problem)}</strong> {sentence(problem.message)}
        {data !== undefined && isPassing && ' The data shown is from before.'}
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
      {isPassing && <p class="quiet small">Retrying every few seconds.</p>}
      {canRetry && (
        <button type="button" class="button" onClick={retry}>
          Retry now
        </button>
      )}
    </div>
  );
}

const titles: Readonly<Record<string, string>> = {
  'graph-not-ready': 'The graph is not ready yet.',
  'model-not-ready': 'The model is not ready yet.',
  overloaded: 'The server is busy.',
  'rate-limited': 'Too many requests.',
  'storage-unavailable': 'Writes are not possible now.',
  unreachable: 'No connection.',
  'missing-key': 'This server requires an API key.',
  'invalid-key': 'The API key is not valid.',
  'insufficient-scope': 'The scope of this API key is too small.',
  'invalid-request': 'The request is not valid.',
  'invalid-filter': 'The filter is not valid.',
};

function titleOf({ code }: RestProblem): string {
  if (code.startsWith('unknown-')) return 'Not found.';
  return titles[code] ?? 'Something went wrong.';
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
