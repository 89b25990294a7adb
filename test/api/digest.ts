import type { Proposal } from '../../graph-data/index.ts';

/** A channel that may receive at any hour, as often as may be. */
export const inbox = {
  kind: 'inbox',
  address: '',
  consent: true,
  timeZone: 'UTC',
  caps: {},
  language: 'en',
} as const;

/** A notification that can be sent at once, one of each window. */
export const digest = (user: string, window: string): Proposal => ({
  user,
  channel: 'inbox',
  campaign: 'digest',
  window,
  pins: ['basil'],
  copy: { title: `New ${window}`, text: 'Because you saved tomato', language: 'en' },
  expires: Date.now() + 1e6,
});
