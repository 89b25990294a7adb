import type { JSX } from 'preact';
import { Link, useExplorer, usePageTitle } from '../context/index.ts';
import { ProblemMessage } from '../controls/index.ts';
import { type ExperimentReportResponse, usePolled } from '../rest/index.ts';
import { EngagementPanel } from './engagement-panel.tsx';
import { ReportPanel } from './report-panel.tsx';

const pauseMs = 15_000;
/** The part of `GET /v1/experiments` that the list shows. */
type Listed = Pick<ExperimentReportResponse, 'id' | 'state' | 'surface'>;

/** The experiments, the report of one, and what people do by surface. */
export function ExperimentsView({ id }: { id: string | undefined }): JSX.Element {
  const { client, version } = useExplorer();
  usePageTitle('Experiments');
  const fetched = usePolled(
    async (signal) => {
      const { experiments } = await client.get<{ experiments: readonly Listed[] }>('/v1/experiments', signal);
      const running = experiments.find(({ state }) => state === 'running');
      const chosen = id ?? (running ?? experiments[0])?.id;
      const report =
        chosen === undefined
          ? undefined
          : await client.get<ExperimentReportResponse>(
              `/v1/experiments/${encodeURIComponent(chosen)}/report`,
              signal,
            );
      return { experiments, report };
    },
    () => pauseMs,
    [version, id],
  );
  const { experiments = [], report } = fetched.data ?? {};
  return (
    <>
      <h1 class="view-head">Experiments</h1>
      <ProblemMessage fetched={fetched} />
      <div class="stack">
        {experiments.length > 1 && (
          <nav class="chips" aria-label="Experiments">
            {experiments.map((each) => (
              <Link
                key={each.id}
                to={{ view: 'experiments', id: each.id }}
                class="chip"
                {...(each.id === report?.id && { 'aria-current': 'page' })}
              >
                {each.id} <span class="quiet">{each.state}</span>
              </Link>
            ))}
          </nav>
        )}
        {fetched.data !== undefined && experiments.length === 0 && (
          <p class="panel quiet">
            There is no experiment. <code>PUT /v1/experiments/{'{id}'}</code> defines one: its arms are
            pipelines, each for a share of the people.
          </p>
        )}
        {report !== undefined && <ReportPanel report={report} />}
        <EngagementPanel />
      </div>
    </>
  );
}
