import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Trouble } from '../cards/index.ts';
import { useExplorer } from '../context/index.ts';
import type { GraphResponse, Job, RestProblem, Snapshot } from '../rest/index.ts';
import { HealthPanel } from './health-panel.tsx';
import { JobsPanel } from './jobs-panel.tsx';
import { SnapshotsPanel } from './snapshots-panel.tsx';
import { TrafficPanel } from './traffic-panel.tsx';
import { usePolled } from './use-polled.ts';

const everyMs = 3_000;
/** While a job is running. */
const everyMsBusy = 500;

/** Snapshots, jobs, rates and health, for whoever runs the server. */
export function OperatorsView(): JSX.Element {
  const { client, version } = useExplorer();
  const [change, setChange] = useState(0);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    document.title = 'Operate · pinwalk';
  }, []);
  const asking = usePolled(
    async (signal) => {
      const { jobs } = await client.get<{ jobs: readonly Job[] }>('/v1/jobs', signal);
      const { snapshots } = await client.get<{ snapshots: readonly Snapshot[] }>('/v1/snapshots', signal);
      setBusy(jobs.some(({ state }) => state === 'running'));
      return { jobs, snapshots, nowMs: Date.now() };
    },
    isBusy ? everyMsBusy : everyMs,
    [version, change],
  );
  const { problem } = asking;
  const isRefused = problem?.isAboutKey === true;
  const graph = usePolled(
    async (signal) => (isRefused ? undefined : client.get<GraphResponse>('/v1/graph', signal)),
    everyMs,
    [version, change, isRefused],
  );
  const noteChange = (): void => setChange((count) => count + 1);
  const { jobs = [], snapshots = [], nowMs = Date.now() } = asking.answer ?? {};
  return (
    <>
      <div class="row apart view-head">
        <h1>Operate</h1>
      </div>
      {isRefused ? <NoKey problem={problem} onRetry={asking.retry} /> : <Trouble asking={asking} />}
      <div class="operators">
        <HealthPanel facts={graph.answer} isRefused={isRefused} nowMs={nowMs} />
        {!isRefused && (
          <>
            <div class="operators-side">
              <SnapshotsPanel
                snapshots={snapshots}
                liveSaves={graph.answer?.liveSaves ?? 0}
                nowMs={nowMs}
                onChange={noteChange}
              />
              <JobsPanel jobs={jobs} nowMs={nowMs} onChange={noteChange} />
            </div>
            <TrafficPanel />
          </>
        )}
      </div>
    </>
  );
}

/** The key of this tab does not do. */
function NoKey({ problem, onRetry }: { problem: RestProblem; onRetry: () => void }): JSX.Element {
  const hasKey = problem.code === 'insufficient-scope';
  return (
    <div class="trouble waits no-key" role="alert">
      <p>
        <strong>{hasKey ? 'Your key may not do this.' : 'This needs an API key.'}</strong> Snapshots and jobs
        are for keys with the scope <code>admin</code>. Who has the server’s data folder makes one:
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
