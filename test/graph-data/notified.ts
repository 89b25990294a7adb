import { expect, onTestFinished } from 'vitest';
import {
  type ChannelSettings,
  type DataFolder,
  NotificationStore,
  type Proposal,
  readPerson,
} from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
/** A Friday at noon in Berlin. */
export const noon = Date.UTC(2026, 10, 20, 11);
export const leaseMs = minuteMs;

export const inbox: ChannelSettings = {
  kind: 'inbox',
  address: '',
  consent: true,
  timeZone: 'Europe/Berlin',
  caps: {},
  language: 'en',
};
export const nightly: ChannelSettings = { ...inbox, quietHours: { startMinute: 22 * 60, endMinute: 7 * 60 } };

/** Proposes a pin to a person, once in a window. */
export function proposal(user: string, window: string, more: Partial<Proposal> = {}): Proposal {
  return {
    user,
    channel: 'inbox',
    campaign: 'digest',
    window,
    pins: ['basil'],
    copy: { title: 'New for you', text: 'Because you saved tomato', language: 'en' },
    expires: noon + 30 * dayMs,
    ...more,
  };
}

interface Case {
  readonly folder: DataFolder;
  readonly store: NotificationStore;
  /** Claims and settles; returns the windows. */
  readonly send: (now: number) => string[];
  readonly stateOf: (window: string) => string;
}

/** A store of notifications beside a graph, in which these people have channels. */
export async function open(channels: Readonly<Record<string, readonly ChannelSettings[]>>): Promise<Case> {
  const folder = temporaryDataFolder();
  await importSaves(folder, ['ann pasta basil', 'ann pasta tomato']);
  const store = new NotificationStore(folder, 1_000);
  onTestFinished(() => store.close());
  for (const [user, own] of Object.entries(channels)) store.putChannels(user, own, noon);
  return {
    folder,
    store,
    send: (now) =>
      store.claim(now, leaseMs, 100).map(({ id, transactionId, window }) => {
        expect(store.settle(id, transactionId, { kind: 'sent' }, now)).toBe(true);
        return window;
      }),
    stateOf: (window) => {
      const people = Object.keys(channels).flatMap((user) => readPerson(folder, user)?.notifications ?? []);
      const { state, suppressedBy, failure } = people.find((each) => each.window === window)!;
      return [state, suppressedBy ?? failure?.split(':')[0]].filter((part) => part !== undefined).join(' ');
    },
  };
}
