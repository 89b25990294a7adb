import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useExplorer } from '../context/index.ts';
import { type Job, RestProblem } from '../rest/index.ts';
import { agoTold, msTold } from './format.ts';

const shownMax = 8;
const pills: Readonly<Record<Job['state'], string>> = {
  running: 'is-busy',
  done: 'is-good',
  failed: 'is-bad',
  cancelled: 'is-unknown',
};

/** Builds, and the jobs since the server started. */
export function JobsPanel({
  jobs,
  nowMs,
  onChange,
}: {
  jobs: readonly Job[];
  nowMs: number;
  /** A job was begun or told to stop. */
  onChange: () => void;
}): JSX.Element {
  const { client } = useExplorer();
  const [serves, setServes] = useState(true);
  const [fault, setFault] = useState<string>();
  const act = async (call: Promise<unknown>): Promise<void> => {
    try {
      await call;
      setFault(undefined);
    } catch (error) {
      setFault(error instanceof RestProblem ? error.message : String(error));
    }
    onChange();
  };
  const isBusy = jobs.some(({ state }) => state === 'running');
  return (
    <section class="panel" aria-labelledby="jobs-title">
      <h2 id="jobs-title">Jobs</h2>
      <div class="row">
        <button
          type="button"
          class="button primary"
          disabled={isBusy}
          onClick={() => void act(client.post('/v1/snapshots', { activate: serves }))}
        >
          Build a snapshot
        </button>
        <label class="check">
          <input
            type="checkbox"
            checked={serves}
            onChange={(event: Event) => setServes((event.currentTarget as HTMLInputElement).checked)}
          />
          Serve it when it is built
        </label>
      </div>
      {fault !== undefined && (
        <p class="warn" role="alert">
          {fault}
        </p>
      )}
      {jobs.length === 0 ? (
        <p class="quiet small">None since the server started.</p>
      ) : (
        <ul class="jobs" aria-label="Jobs, the latest first">
          {jobs.slice(0, shownMax).map((job) => (
            <li key={job.id} class="job">
              <JobLine
                job={job}
                nowMs={nowMs}
                onCancel={() => void act(client.delete(`/v1/jobs/${encodeURIComponent(job.id)}`))}
              />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function JobLine({ job, nowMs, onCancel }: { job: Job; nowMs: number; onCancel: () => void }): JSX.Element {
  const { id, kind, state, phase, done, total, startedAt, endedAt, problem, result } = job;
  const tookMs = (endedAt === null ? nowMs : Date.parse(endedAt)) - Date.parse(startedAt);
  const version = result?.['version'];
  return (
    <>
      <div class="row apart">
        <p>
          <span class={`pill ${pills[state]}`}>{state}</span> <strong>{kind}</strong>{' '}
          <span class="quiet small">
            {agoTold(startedAt, nowMs)}, {msTold(Math.max(0, tookMs))}
          </span>
        </p>
        {state === 'running' && (
          <button type="button" class="button" onClick={onCancel}>
            Cancel
          </button>
        )}
      </div>
      {state === 'running' && (
        <>
          <progress
            aria-label={`Progress of ${kind}`}
            {...(total !== null && { max: total, value: done ?? 0 })}
          />
          <p class="quiet small number" id={`job-${id}`}>
            {phase ?? 'beginning'}
            {total !== null && `: ${(done ?? 0).toLocaleString('en')} of ${total.toLocaleString('en')}`}
          </p>
        </>
      )}
      {problem !== null && <p class="warn small">{problem.detail}</p>}
      {typeof version === 'string' && (
        <p class="quiet small">
          made <code>{version}</code>
          {kind === 'build' && result?.['swap'] === null && ', which is not served'}
        </p>
      )}
    </>
  );
}
