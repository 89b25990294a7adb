/** Why a notification is held or never sent: every value of `suppressedBy`, with its meaning. */
export const suppressions = {
  holdout: 'the person is among those who receive nothing, so that the effect of sending can be measured',
  'daily-cap': 'they have, or will have, as many in 24 hours as they may',
  'weekly-cap': 'they have, or will have, as many in 7 days as they may',
  'minimum-gap': 'another one is too near',
  'quiet-hours': 'it is quiet where the person is, for as long as it may be sent',
  'unknown-time-zone': 'Node does not know the time zone of the channel',
  'unknown-user': 'the graph does not have the person',
  'nothing-new': 'there is no pin that they have not saved, seen or been sent',
  'below-threshold': 'the next notification is worth less than the threshold of the week',
  'budget-spent': 'the notifications of the week are used up',
  exploration: 'chance decided against it',
  'no-channel': 'the person no longer has the channel',
  'no-consent': 'the person said no',
  unreachable: 'the address of the channel is gone, as its receiver said',
  'pin-gone': 'its first pin no longer exists',
  expired: 'it was not sent before it expired',
  restored: 'it was waiting in a backup that was restored, and may have been sent since',
} as const;

export type Suppression = keyof typeof suppressions;
