export {
  type Configuration,
  type ConfigurationSources,
  type SettingsFile,
  configure,
} from './configuration.ts';
export {
  type SettingName,
  type SettingSpec,
  type Settings,
  settingSpecs,
  settingsSchema,
} from './settings.ts';
export { type EndedRequest, Metrics, type MetricsDeps, type Walked } from './metrics.ts';
export { tidy } from './tidy.ts';
export { createLog } from './log.ts';
