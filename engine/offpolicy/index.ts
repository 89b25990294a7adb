export {
  type ListModel,
  type LoggedItem,
  OffPolicy,
  type OffPolicyReport,
  checkLoggedItem,
  listModels,
} from './off-policy.ts';
