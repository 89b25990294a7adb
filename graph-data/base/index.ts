/** For threads that need little else: all of graph-data takes them three times as long to load. */
export { type DataFolder, openDataFolder, openExistingDataFolder } from '../data-folder.ts';
export { streamFileDurably, writeFully } from '../durable-files.ts';
export { DataError, type DataErrorCode, messageOf, stoppedError } from '../errors.ts';
export { moduleBeside } from './module-beside.ts';
export { findOwnModules } from './own-modules.ts';
export {
  type BilledAction,
  billedActions,
  campaignsFile,
  campaignsName,
  hasCampaigns,
  hidingKinds,
  tokenLength,
} from './promoted.ts';
export { version } from './version.ts';
