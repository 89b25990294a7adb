import { dayOf } from '../../graph-data/index.ts';
import { noParameters } from '../base/index.ts';
import { notificationReportParameters, notificationReportResponse } from '../contract/index.ts';
import { type Route, defineRoute } from '../http/index.ts';
import { notificationReportBody } from '../notifications/index.ts';
import type { Service } from '../service.ts';

/** What became of notifications of late. */
export function notificationReportRoutes({ reports, wallClock }: Service): Route[] {
  return [
    defineRoute({
      tag: 'notifications',
      method: 'get',
      path: '/v1/reports/notifications',
      operationId: 'reportNotifications',
      needsWriter: true,
      summary: 'Notifications of the last days: sent and held back, the effect of sending, calibration, opens by hour',
      description:
        'Covers decisions of these days, with clicks and opens until now. The calibration leaves out notifications sent less than a day ago. ' +
        'Reads all notifications and interactions of these days, and the interactions of the 28 days before the first plan.',
      scope: 'admin',
      params: noParameters,
      query: notificationReportParameters,
      response: { status: 200, description: 'The report', schema: notificationReportResponse },
      problems: ['overloaded', 'storage-unavailable'],
      handle: async ({ query: { days }, signal }) => {
        const now = wallClock();
        const from = dayOf(now) - days + 1;
        const report = await reports.notifications(from, now, signal);
        return { body: notificationReportBody(report, from, now) };
      },
    }),
  ];
} // prettier-ignore
