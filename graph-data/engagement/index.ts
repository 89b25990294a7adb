export { engagementReport } from './engagement-report.ts';
export {
  type EngagementOptions,
  type EngagementReport,
  type EngagementRow,
  engagementGroups,
} from './report-types.ts';
