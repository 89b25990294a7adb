import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll } from 'vitest';
import { type RandomStream, nextBelow, nextUnit } from '../../engine/index.ts';
import { type ChannelSettings, type NotificationStore, readChannels } from '../../graph-data/index.ts';
import type { DataFolder } from '../../graph-data/index.ts';

const hourMs = 3_600_000;
const zones = ['Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Pacific/Chatham'];

/** What the clock on a person's wall shows, by Intl alone. */
function isQuiet({ timeZone, quietHours }: ChannelSettings, time: number): boolean {
  const options = { timeZone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit' } as const;
  const [hour, minute] = new Intl.DateTimeFormat('en-GB', options).format(time).split(':').map(Number);
  const { startMinute, endMinute } = quietHours!;
  for (let each = startMinute; each !== endMinute; each = (each + 1) % 1440)
    if (each === hour! * 60 + minute!) return true;
  return false;
}

/**
 * People with a webhook that accepts, refuses, cuts off and delays, and writes down what it should not get. They say no and yes, unsubscribe,
 * and move to other zones and quiet hours.
 */
export class NotifiedPeople {
  /** How far their clock is ahead of the real one. It begins in the night in which the clocks of Berlin go back. */
  aheadMs: number = Date.UTC(2026, 9, 24, 20) - Date.now();
  readonly faults: string[] = [];
  /** What came, as `person window`. */
  readonly taken = new Set<string>();
  readonly #names: readonly string[];
  readonly #random: RandomStream;
  readonly #settings = new Map<string, ChannelSettings>();
  readonly #times = new Map<string, number[]>();
  readonly #server = createServer((request, response) => {
    this.#receive(request, response).catch(() => {
      // The sender was killed while it sent.
    });
  });

  constructor(names: readonly string[], random: RandomStream) {
    this.#names = names;
    this.#random = random;
    afterAll(() => this.#server.close());
  }

  now(): number {
    return Date.now() + this.aheadMs;
  }

  /** The address of the webhook. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => void this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  oneOf<Item>(items: readonly Item[]): Item {
    return items[nextBelow(this.#random, items.length)]!;
  }

  /** Gives a person a channel with a zone and quiet hours of their own; half of the people have caps. */
  put(store: NotificationStore, user: string, consent: boolean): void {
    const caps = this.#names.indexOf(user) % 2 === 0 ? {} : { perDay: 3, minGapMinutes: 90 };
    const start = nextBelow(this.#random, 24) * 60;
    const end = (start + 60 + nextBelow(this.#random, 10) * 30) % 1440;
    const quietHours = { startMinute: start, endMinute: end };
    const channel: ChannelSettings = { kind: 'webhook', address: user, consent, timeZone: this.oneOf(zones), quietHours, caps, language: 'en' }; // prettier-ignore
    store.putChannels(user, [channel], this.now());
    this.#settings.set(user, channel);
  }

  /** Some change their minds, their zone and their hours; one may unsubscribe. */
  change(folder: DataFolder, store: NotificationStore): void {
    for (let i = 0; i < 3; i++) this.put(store, this.oneOf(this.#names), nextUnit(this.#random) < 0.7);
    const leaving = this.oneOf(this.#names);
    const [channel] = readChannels(folder, leaving);
    if (nextUnit(this.#random) < 0.3) {
      store.unsubscribe(channel!.channelId, this.now());
      this.#settings.set(leaving, { ...this.#settings.get(leaving)!, consent: false });
    }
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const time = this.now();
    const { to, window } = (await json(request)) as { to: string; window: string };
    const what = `${to} ${window}`;
    const own = this.#settings.get(to)!;
    if (this.taken.has(what)) this.faults.push(`${what} came twice`);
    if (!own.consent) this.faults.push(`${what} came after ${to} said no`);
    if (isQuiet(own, time))
      this.faults.push(`${what} came at ${new Date(time).toISOString()}, quiet in ${own.timeZone}`);
    const luck = nextUnit(this.#random);
    if (luck < 0.05) {
      response.writeHead(503).end();
      return;
    }
    this.taken.add(what);
    const before = this.#times.get(to) ?? [];
    const { perDay = Infinity } = own.caps;
    const inDay = before.filter((each) => each > time - 24 * hourMs + 60_000).length;
    if (inDay >= perDay) this.faults.push(`${what} is one too many in a day`);
    this.#times.set(to, [...before, time]);
    if (luck < 0.1) request.socket.destroy();
    else if (luck < 0.2) setTimeout(() => response.end(), 30);
    else response.end();
  }
}
