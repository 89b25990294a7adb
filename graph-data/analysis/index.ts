export { findCommunities } from './communities.ts';
export { globalPageRank } from './page-rank.ts';
