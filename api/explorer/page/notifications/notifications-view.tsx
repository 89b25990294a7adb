import type { JSX } from 'preact';
import { useGet, usePageTitle } from '../context/index.ts';
import { ProblemMessage } from '../controls/index.ts';
import { counted, formatCount } from '../format/index.ts';
import type { NotificationReportResponse } from '../rest/index.ts';
import { CalibrationPlot } from './calibration-plot.tsx';
import { HeldBackTable } from './held-back-table.tsx';
import { HoldoutPanel } from './holdout-panel.tsx';
import { HoursPlot } from './hours-plot.tsx';
import { PersonPlan } from './person-plan.tsx';
import { VolumePanel } from './volume-panel.tsx';

const days = 7;

/**
 * The next notification of a person and its reasons; recently sent and held-back ones, and how well predictions
 * matched.
 */
export function NotificationsView({ user }: { user: string | undefined }): JSX.Element {
  usePageTitle('Notifications');
  const fetched = useGet<NotificationReportResponse>(`/v1/reports/notifications?days=${days}`);
  const { data } = fetched;
  return (
    <>
      <h1 class="view-head">Notifications</h1>
      <div class="stack">
        <PersonPlan user={user} rules={data?.rules ?? {}} />
        <ProblemMessage fetched={fetched} />
        {data !== undefined && <Sent report={data} />}
        {data !== undefined && (
          <div class="halves notification-report">
            <VolumePanel plans={data.volume} />
            <HoldoutPanel holdout={data.holdout} isPlanned={data.volume.length > 0} />
            <HeldBackTable heldBack={data.heldBack} rules={data.rules} />
            <CalibrationPlot bins={data.calibration} />
            <HoursPlot hours={data.hours} />
          </div>
        )}
      </div>
    </>
  );
}

function Sent({ report: { total, waiting } }: { report: NotificationReportResponse }): JSX.Element {
  const { sent, clicked, opened } = total;
  return (
    <p>
      In the last {days} days: <strong>{counted(sent, 'notification')}</strong> sent, {formatCount(clicked)}{' '}
      of them clicked, {formatCount(opened)} opened as far as mail proxies tell
      {waiting > 0 && `; ${formatCount(waiting)} wait`}.
    </p>
  );
}
