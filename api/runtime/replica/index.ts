export { fetchChanges } from './change-client.ts';
export { FollowLoop, type FollowOptions } from './follow-loop.ts';
export { PublicationWatch } from './publication-watch.ts';
