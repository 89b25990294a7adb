import { dateOf, dayOf } from '../../graph-data/index.ts';
import { noParameters } from '../base/index.ts';
import {
  type NotificationReportResponse,
  notificationReportParameters,
  notificationReportResponse,
} from '../contract/index.ts';
import { type Route, defineRoute } from '../http/index.ts';
import { planRules } from '../notifications/index.ts';
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
      summary: 'Notifications of the last days: sent and held back, volume against budget, calibration, opens by hour',
      description:
        'Of what was decided on these days. Clicks and opens are those until now; what was sent less than a day ago is not in the calibration. ' +
        'Reads all notifications and interactions of these days.',
      scope: 'admin',
      params: noParameters,
      query: notificationReportParameters,
      response: { status: 200, description: 'The report', schema: notificationReportResponse },
      problems: ['overloaded', 'storage-unavailable'],
      handle: async ({ query: { days }, signal }) => {
        const now = wallClock();
        const from = dayOf(now) - days + 1;
        const { total, waiting, heldBack, plans, calibration, hours } = await reports.notifications(from, now, signal);
        const body: NotificationReportResponse = {
          from: dateOf(from),
          to: dateOf(dayOf(now)),
          total,
          waiting,
          heldBack: Object.entries(heldBack)
            .map(([rule, count]) => ({ rule, count }))
            .toSorted((a, b) => b.count - a.count || a.rule.localeCompare(b.rule)),
          rules: { ...planRules },
          volume: plans.map(({ campaign, window, people, volume: { budget, sent, threshold } }) => ({
            campaign,
            window,
            people,
            budget,
            planned: sent,
            threshold,
          })),
          calibration: [...calibration],
          hours: hours.map(({ sent, opened, clicked }, hour) => ({ hour, sent, opened, clicked })),
        };
        return { body };
      },
    }),
  ];
} // prettier-ignore
