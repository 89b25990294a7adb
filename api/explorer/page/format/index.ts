export {
  counted,
  formatAgo,
  formatBytes,
  formatCount,
  formatMs,
  formatPercent,
  formatRate,
} from './format.ts';
