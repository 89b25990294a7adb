export { type AuctionDeps, fillSlots, promotableOf } from './fill-slots.ts';
export { notificationPromoter } from './notification-promoter.ts';
export { promotableFrom } from './promotable-from.ts';
