export {
  type EngagementOptions,
  type EngagementReport,
  type EngagementRow,
  engagementGroups,
  engagementReport,
} from './engagement-report.ts';
