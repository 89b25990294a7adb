import { type Claimed, webLink } from '../../../graph-data/index.ts';
import { type PromotedEntry, shownPins } from '../../notifications/index.ts';
import { type AuctionDeps, fillSlots, promotableOf } from './fill-slots.ts';
import { type WalkDeps, promotableFrom } from './promotable-from.ts';

interface PromoterDeps extends AuctionDeps, WalkDeps {
  readonly promotion: WalkDeps['promotion'];
  readonly settings: AuctionDeps['settings'] & {
    /** Default: none has a promoted pin. */
    readonly notifyPromotedSlot?: number | undefined;
  };
}

/** Pins that the walk ranks up to this place are fully relevant: as in a list of the default length. */
const limit = 20;

/**
 * Finds the promoted pin of a notification at the moment of sending, by the budgets and caps of that moment: by
 * a walk from its pins, in an auction of the surface `notification-email` or that of its channel. The same
 * notification has the same impression, however often sending is tried. An inbox and a push have none: there,
 * the application decides on the pins.
 */
export async function promoteNotification(
  deps: PromoterDeps,
  claimed: Claimed,
): Promise<PromotedEntry | undefined> {
  const { settings, store } = deps;
  const linkOf = (pin: number): string | undefined => webLink(store.nodeAt('pins', pin)?.url);
  const { id, user, channel } = claimed;
  const { notifyPromotedSlot: place } = settings;
  if (place === undefined || channel === 'push' || channel === 'inbox') return undefined;
  const shown = shownPins(claimed);
  if (place > shown.length + 1) return undefined;
  const promoted = { viewer: user, surface: `notification-${channel}`, slots: [place] };
  const pins = shown.map(({ pin }) => pin);
  const found = await promotableFrom(deps, { pins, limit, viewer: user, promoted });
  if (found === 'no-campaign' || found.fault !== undefined) return undefined;
  // An e-mail shows addresses.
  const promotable = channel === 'email' ? promotableOf(found, (pin) => linkOf(pin) !== undefined) : found;
  const filling = {
    recommendationId: `notification ${id}`,
    promoted,
    slots: [place],
    promotable,
    randomSeed: 1,
  };
  const [placed] = (await fillSlots(deps, { ...filling, fields: [] }))?.pins ?? [];
  if (placed === undefined) return undefined;
  const { pin, campaign, label, token, candidate } = placed;
  const index = promotable.pins[candidate]!;
  const { title } = store.nodeAt('pins', index) ?? {};
  return { place, pin, title: title ?? undefined, link: linkOf(index), campaign, label, token };
}
