export { type Communities, communityLevels, findCommunities } from './communities.ts';
export { type PageRank, type PageRankOptions, globalPageRank, pageRankDefaults } from './page-rank.ts';
