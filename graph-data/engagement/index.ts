export { addTo } from './add-to.ts';
export { engagementReport } from './engagement-report.ts';
export {
  type EngagementOptions,
  type EngagementReport,
  type EngagementRow,
  engagementGroups,
} from './report-types.ts';
export { countedDays } from './counted-days.ts';
export type { LoadedDays } from './load-days.ts';
export { type Names, dateOf, groupCount, groupOf } from './names.ts';
