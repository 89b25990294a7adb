import type { ProblemCode } from '../../../api/index.ts';

const fullQueue = { overloaded: 'only while 100,000 changes wait: test/api/writes.test.ts' };
const brokenFile = { 'storage-unavailable': 'has a file of its own: test/api/experiments.test.ts breaks it' };
const ownFile = {
  ...fullQueue,
  'storage-unavailable': 'have a file of their own: test/api/notifications.test.ts breaks it',
};
const ownLedger = {
  ...fullQueue,
  'storage-unavailable': 'have a file of their own: test/api/campaigns.test.ts breaks it',
};
const brokenTree = { 'storage-unavailable': 'has a file of its own: test/api/interests.test.ts breaks it' };

/** Problems that no request from outside can provoke, by operationId (`*` for every one), each with the reason. */
export const unprovokable: Readonly<Record<string, Partial<Record<ProblemCode, string>>>> = {
  addSaves: fullQueue,
  reportEngagement: {
    overloaded: 'only while ten reports wait: test/api/reports.test.ts',
    'graph-not-ready': 'only by community or popularity: test/api/reports.test.ts',
    conflict: 'only by community without communities: test/api/reports.test.ts',
  },
  reportExperiment: { overloaded: 'only while ten reports wait: test/api/reports.test.ts' },
  addInteractions: {
    ...fullQueue,
    'storage-unavailable': 'has files of its own: test/api/interactions.test.ts locks one',
  },
  listInterests: brokenTree,
  getInterest: brokenTree,
  putInterest: { ...brokenTree, conflict: 'only beyond 5,000 edits: test/api/interests.test.ts' },
  listUserInterests: brokenTree,
  putUserInterest: { ...brokenTree, ...fullQueue },
  unsubscribe: ownFile,
  getChannels: ownFile,
  putChannels: ownFile,
  getInbox: ownFile,
  reportNotifications: {
    'storage-unavailable': ownFile['storage-unavailable'],
    overloaded: 'only while ten reports wait: test/api/reports.test.ts',
  },
  getNotificationPlan: { ...ownFile, overloaded: 'only while 20 others wait' },
  markRead: ownFile,
  listCampaigns: ownLedger,
  getCampaign: ownLedger,
  reportCampaign: ownLedger,
  putCampaign: { ...ownLedger, 'graph-not-ready': 'only with interests: test/api/campaigns.test.ts' },
  removeCampaign: ownLedger,
  putExperiment: brokenFile,
  removeExperiment: brokenFile,
  promoteArm: brokenFile,
  removeSaves: fullQueue,
  putPin: fullQueue,
  putBoard: fullQueue,
  putUser: fullQueue,
  removePin: fullQueue,
  '*': {
    'model-not-ready': 'only while a long log is counted, or with a damaged file: test/api/problems.test.ts',
    internal: 'a fault of pinwalk; nothing is known to provoke one',
    'position-not-reached': 'only with a header: test/api/changes.test.ts',
    'replica-behind': 'only of a replica: test/api/replica.test.ts',
    'topics-behind': 'only of a server with topics: test/api/problems.test.ts',
  },
  buildSnapshot: { conflict: 'only while a build is under way: test/api/jobs.test.ts' },
  activateSnapshot: {
    'graph-not-ready': 'only a server that is stopping answers so: test/api/swap.test.ts',
    conflict: 'only while a swap or a build is under way: test/api/jobs.test.ts, swap.test.ts',
  },
  eraseUser: { conflict: 'only while an erasure or a build is under way: test/api/erase.test.ts' },
  recommendNext: {
    'unknown-model': 'the first page needs the model too',
    'graph-not-ready': 'there is a graph wherever an answer is kept',
    'storage-unavailable': 'only while interactions cannot be written: test/api/recording.test.ts',
  },
  recommend: {
    'storage-unavailable': 'only while interactions cannot be written: test/api/recording.test.ts',
  },
  recommendBatch: {
    'storage-unavailable': 'only while interactions cannot be written: test/api/recording.test.ts',
  },
};
