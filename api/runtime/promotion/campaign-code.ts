/** All that a server needs of campaigns, in one place: `Promotion` alone imports it, with the first of them. */
export {
  readCampaign,
  readCampaigns,
  readPromotedPin,
  readPromotions,
} from '../../../graph-data/campaigns/index.ts';
export {
  campaignBody,
  campaignReportBody,
  compose,
  exportedPromotions,
  itemOf,
  nothingPromotable,
  promotionOf,
  settingsOf,
  slotsOf,
  summaryOf,
  targetPins,
} from '../../ads/index.ts';
export { fillSlots, promotableOf } from './fill-slots.ts';
export { promoteNotification } from './promote-notification.ts';
export { promotableFrom } from './promotable-from.ts';
