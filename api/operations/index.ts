export { type Configuration, type ConfigurationSources, configure } from './configuration.ts';
export type { SettingName, Settings } from './settings.ts';
export { settingSpecs } from './setting-specs.ts';
export { Metrics, type Walked } from './metrics.ts';
export { tidyUp } from './tidy-up.ts';
export { DatabaseCheck } from './database-check.ts';
export { createLog } from './log.ts';
export { startPacingLoop } from './pace-campaigns.ts';
export { startRetention } from './retention.ts';
