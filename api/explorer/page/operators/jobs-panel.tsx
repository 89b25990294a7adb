import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useExplorer } from '../context/index.ts';
import { formatAgo, formatCount, formatMs } from '../format/index.ts';
import { type Job, RestProblem } from '../rest/index.ts';

const shownMax = 8;
const tones: Readonly<Record<Job['state'], string>> = {
  running: 'busy',
  done: 'good',
  failed: 'bad',
  cancelled: '',
};

/** Starts builds and shows the jobs since the server started. */
export function JobsPanel({
  jobs,
  nowMs,
  onChange,
}: {
  jobs: readonly Job[];
  nowMs: number;
  /** Called after a job was started or cancelled. */
  onChange: () => void;
}): JSX.Element {
  const { client } = useExplorer();
  const [activates, setActivates] = useState(true);
  const [refusal, setRefusal] = useState<string>();
  const act = async (call: Promise<unknown>): Promise<void> => {
    try {
      await call;
      setRefusal(undefined);
    } catch (error) {
      setRefusal(RestProblem.from(error).message);
    }
    onChange();
  };
  const isBusy = jobs.some(({ state }) => state === 'running');
  return (
    <section class="panel stack" aria-labelledby="jobs-title">
      <h2 id="jobs-title">Jobs</h2>
      <div class="row">
        <button
          type="button"
          class="button primary"
          disabled={isBusy}
          onClick={() => void act(client.post('/v1/snapshots', { activate: activates }))}
        >
          Build a snapshot
        </button>
        <label class="check">
          <input
            type="checkbox"
            checked={activates}
            onChange={(event: Event) => setActivates((event.currentTarget as HTMLInputElement).checked)}
          />
          Activate it when it is built
        </label>
      </div>
      {refusal !== undefined && (
        <p class="warn" role="alert">
          {refusal}
        </p>
      )}
      {jobs.length === 0 ? (
        <p class="quiet small">No jobs since the server started.</p>
      ) : (
        <ul class="lines" aria-label="Jobs, newest first">
          {jobs.slice(0, shownMax).map((job) => (
            <li key={job.id} class="stack tight">
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
  const { kind, state, phase, done, total, startedAt, endedAt, problem, result } = job;
  const tookMs = (endedAt === null ? nowMs : Date.parse(endedAt)) - Date.parse(startedAt);
  const version = result?.['version'];
  return (
    <>
      <div class="row apart">
        <p>
          <span class={`badge ${tones[state]}`}>{state}</span> <strong>{kind}</strong>{' '}
          <span class="quiet small">
            {formatAgo(startedAt, nowMs)}, {formatMs(Math.max(0, tookMs))}
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
          <p class="quiet small number">
            {phase ?? 'starting'}
            {total !== null && `: ${formatCount(done ?? 0)} of ${formatCount(total)}`}
          </p>
        </>
      )}
      {problem !== null && <p class="warn small">{problem.detail}</p>}
      {typeof version === 'string' && (
        <p class="quiet small">
          Result: <code>{version}</code>
          {kind === 'build' && result?.['swap'] === null && ', not activated'}
        </p>
      )}
    </>
  );
}
