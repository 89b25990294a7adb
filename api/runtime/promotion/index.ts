export { type AuctionDeps, fillSlots } from './fill-slots.ts';
export { promotableFrom } from './promotable-from.ts';
