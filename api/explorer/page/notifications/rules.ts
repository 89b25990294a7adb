import type { NotificationReportResponse } from '../rest/index.ts';

/** What rules against sending mean, by their names, as the server says. */
export type Rules = NotificationReportResponse['rules'];
