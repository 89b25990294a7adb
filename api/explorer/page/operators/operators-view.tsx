import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useExplorer, usePageTitle } from '../context/index.ts';
import { ProblemMessage } from '../controls/index.ts';
import { type GraphResponse, type Job, type RestProblem, type Snapshot, usePolled } from '../rest/index.ts';
import { HealthPanel } from './health-panel.tsx';
import { JobsPanel } from './jobs-panel.tsx';
import { SnapshotsPanel } from './snapshots-panel.tsx';
import { TrafficPanel } from './traffic-panel.tsx';

const pauseMs = 3_000;
/** While a job is running. */
const pauseMsBusy = 500;

/** Health, snapshots, jobs and traffic, for the operators of the server. */
export function OperatorsView(): JSX.Element {
  const { client, version } = useExplorer();
  const [changes, setChanges] = useState(0);
  usePageTitle('Operate');
  const fetched = usePolled(
    async (signal) => {
      const { jobs } = await client.get<{ jobs: readonly Job[] }>('/v1/jobs', signal);
      const { snapshots } = await client.get<{ snapshots: readonly Snapshot[] }>('/v1/snapshots', signal);
      return { jobs, snapshots, nowMs: Date.now() };
    },
    (data) => (data?.jobs.some(({ state }) => state === 'running') ? pauseMsBusy : pauseMs),
    [version, changes],
  );
  const { problem } = fetched;
  const isRefused = problem?.isAboutKey === true;
  const { data: graph } = usePolled(
    async (signal) => (isRefused ? undefined : client.get<GraphResponse>('/v1/graph', signal)),
    () => pauseMs,
    [version, changes, isRefused],
  );
  const onChange = (): void => setChanges((count) => count + 1);
  const { jobs = [], snapshots = [], nowMs = Date.now() } = fetched.data ?? {};
  return (
    <>
      <h1 class="view-head">Operate</h1>
      {isRefused ? (
        <KeyNeeded problem={problem} onRetry={fetched.retry} />
      ) : (
        <ProblemMessage fetched={fetched} />
      )}
      <div class="operators">
        <HealthPanel graph={graph} isRefused={isRefused} nowMs={nowMs} />
        {!isRefused && (
          <>
            <div class="stack">
              <SnapshotsPanel
                snapshots={snapshots}
                liveSaves={graph?.liveSaves ?? 0}
                nowMs={nowMs}
                onChange={onChange}
              />
              <JobsPanel jobs={jobs} nowMs={nowMs} onChange={onChange} />
            </div>
            <TrafficPanel />
          </>
        )}
      </div>
    </>
  );
}

/** The key of this tab is missing or does not have the scope. */
function KeyNeeded({ problem, onRetry }: { problem: RestProblem; onRetry: () => void }): JSX.Element {
  const hasKey = problem.code === 'insufficient-scope';
  return (
    <div class="problem passing" role="alert">
      <p>
        <strong>{hasKey ? 'The scope of your key is too small.' : 'An API key is required.'}</strong>{' '}
        Snapshots and jobs require a key with the scope <code>admin</code>. This command on the server creates
        one:
      </p>
      <pre>
        <code>pinwalk keys create --scope admin --name operators</code>
      </pre>
      <button type="button" class="button" onClick={onRetry}>
        Enter a key
      </button>
    </div>
  );
}
