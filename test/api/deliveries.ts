import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, vi } from 'vitest';
import { createSenders, deliverDue, storeOutbox } from '../../api/notifications/index.ts';
import type { ChannelKind } from '../../engine/index.ts';
import {
  type DataFolder,
  type Interaction,
  NotificationStore,
  type Proposal,
  readLinkSecret,
  readPerson,
} from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';

/** A Friday at noon. */
export const now = Date.UTC(2026, 10, 20, 11);
const publicUrl = 'https://pins.example.com/';
export const webhookSecret = 'a secret of the webhook';

interface Delivery {
  readonly folder: DataFolder;
  readonly store: NotificationStore;
  readonly shown: Interaction[];
  readonly propose: (window: string, copy?: Partial<Proposal['copy']>) => void;
  /** With `patience`, attempts are given up when it is aborted, instead of after 20 seconds. */
  readonly deliver: (at?: number, patience?: AbortController) => Promise<Record<string, number>>;
  readonly states: () => string[];
}

type Settings = Partial<Parameters<typeof createSenders>[1]>;

/** A person with one channel, and senders with these settings. */
export async function delivery(
  channel: ChannelKind,
  address: string,
  settings: Settings,
  secrets: Parameters<typeof createSenders>[2] = {},
  language = 'en',
): Promise<Delivery> {
  const folder = temporaryDataFolder();
  await importSaves(folder, ['ann pasta basil', 'ann pasta tomato', 'ann pasta olive']);
  const store = new NotificationStore(folder, 1_000);
  onTestFinished(() => store.close());
  const settled = { consent: true, timeZone: 'UTC', caps: {}, language };
  store.putChannels('ann', [{ kind: channel, address, ...settled }], now);
  const { senders, faults } = createSenders(
    folder,
    { pushHosts: 'x.example', publicUrl, ...settings },
    secrets,
  );
  expect(faults).toEqual([]);
  const shown: Interaction[] = [];
  return {
    folder,
    store,
    shown,
    propose: (window, more = {}) => {
      const copy = { title: 'New for you', text: 'Because you saved tomato', language: 'en', ...more };
      const common = { user: 'ann', channel, campaign: 'digest', pins: ['basil', 'tomato'] };
      const journal = { pipeline: 'feed', propensity: 0.5 };
      expect(store.propose([{ ...common, window, copy, journal, expires: now + 1e7 }], now)).toEqual([
        'added',
      ]);
    },
    deliver: async (at = now, patience) => {
      const timeout = vi.spyOn(AbortSignal, 'timeout');
      if (patience !== undefined) timeout.mockReturnValue(patience.signal);
      try {
        return await deliverDue({
          outbox: storeOutbox(store),
          senders,
          publicUrl,
          linkSecret: () => readLinkSecret(folder),
          record: async (rows) => void shown.push(...rows),
          now: () => at,
        });
      } finally {
        for (const [ms] of timeout.mock.calls) expect(ms).toBe(20_000);
        timeout.mockRestore();
      }
    },
    states: () =>
      readPerson(folder, 'ann')!.notifications.map(({ state, failure }) => [state, failure].join(' ').trim()),
  };
}

/** Aborts as `AbortSignal.timeout` does. */
export function giveUp(patience: AbortController): void {
  patience.abort(new DOMException('no response', 'TimeoutError'));
}

interface Received {
  readonly request: IncomingMessage;
  readonly body: Buffer;
}

export type Response = number | 'hang' | 'late' | 'cut';

/**
 * A receiver of webhooks and pushes. It responds with `answers`, then with 200. `hang` makes the sender give up and never responds, `late` does
 * afterwards, `cut` closes the connection.
 */
export async function receiver(patience?: AbortController): Promise<{
  url: string;
  received: Received[];
  answers: Response[];
}> {
  const received: Received[] = [];
  const answers: Response[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    received.push({ request, body: Buffer.concat(chunks) });
    const next = answers.shift() ?? 200;
    if (next === 'cut') request.socket.destroy();
    else if (typeof next === 'string') giveUp(patience!);
    if (next === 'late') response.end();
    if (typeof next === 'number')
      response.writeHead(next, { 'retry-after': '600', location: '/elsewhere' }).end('x'.repeat(100));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, answers };
}

/** A notification whose parts would act where they are not escaped. */
export const hostile = {
  title: 'Hi\r\nBcc: all@example.com <b>"bold"</b> \u202Etxt.exe\u0000 👩‍👩‍👧 שלום',
  text: '<script>alert("x")</script>\u0007\n\nSecond & last',
  link: 'https://example.com/?a=1&b="><script>',
  image: 'https://example.com/x.png',
};
