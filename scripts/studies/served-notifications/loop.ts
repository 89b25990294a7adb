import { createSenders, deliverDue, storeOutbox } from '../../../api/notifications/index.ts';
import { createApp, createLog, createService, drain, listen } from '../../../api/index.ts';
import { type DataFolder, NotificationStore, readLinkSecret } from '../../../graph-data/index.ts';
import { readSettings } from '../../commands/shared/setting-options.ts';
import { freePort } from '../../free-port.ts';
import type { Arrived, Receivers } from './receivers.ts';
import type { Person, World } from './world.ts';

const [minuteMs, hourMs] = [60_000, 3_600_000];
/** Pins that a person sees on a visit; some order is drawn, so that they are not always the same. */
const feed = { limit: 8, exploreShare: 0.5, explorePins: 40, exploreTemperature: 2 };
/** Of e-mails, whose image a mail program loads. */
const openRate = 0.6;
/** Of notifications that are not clicked. */
const leaveRate = 0.003;

/** Arrivals in some hours. */
interface Came {
  email: number;
  webhook: number;
  clicked: number;
}

/** A real server with a simulated clock, and people who visit it, get notifications and click. */
export class Loop implements AsyncDisposable {
  readonly #world: World;
  readonly #arriving: Receivers;
  readonly #url: string;
  readonly #deliver: () => Promise<unknown>;
  readonly #setClock: (time: number) => void;
  readonly #end: () => Promise<void>;
  #time: number;

  static async open(
    folder: DataFolder,
    world: World,
    arriving: Receivers,
    { webhookSecret, start }: { readonly webhookSecret: string; readonly start: number },
  ): Promise<Loop> {
    const port = await freePort();
    const publicUrl = `http://127.0.0.1:${port}`;
    const { smtpUrl, webhookUrl } = arriving;
    const { settings } = readSettings({ data: folder.root, threads: '1', publicUrl, smtpUrl, webhookUrl, mailFrom: 'Pins <news@example.com>' }); // prettier-ignore
    const clock = { time: start };
    const wallClock = (): number => clock.time;
    const log = createLog('error', process.stderr);
    const service = createService({ folder, settings, log, wallClock });
    const listening = await listen(createApp(service), '127.0.0.1', port, service);
    await service.start();
    const { senders } = createSenders(folder, settings, { webhookSecret });
    const store = new NotificationStore(folder, 5_000);
    const deliver = async (): Promise<unknown> =>
      deliverDue({
        outbox: storeOutbox(store),
        senders,
        publicUrl,
        linkSecret: () => readLinkSecret(folder),
        record: async (rows) => void (await service.interactions.write({ rows, time: wallClock(), from: 0 })),
        now: wallClock,
      });
    const end = async (): Promise<void> => {
      store.close();
      await service.close(async () => drain(listening));
    };
    return new Loop({ world, arriving, url: publicUrl, deliver, setClock: (time) => (clock.time = time), end }, start); // prettier-ignore
  }

  private constructor(parts: LoopParts, start: number) {
    this.#world = parts.world;
    this.#arriving = parts.arriving;
    this.#url = parts.url;
    this.#deliver = parts.deliver;
    this.#setClock = parts.setClock;
    this.#end = parts.end;
    this.#time = start;
  }

  setClock(time: number): void {
    this.#time = time;
    this.#setClock(time);
  }

  /** Everybody agrees to their channel. */
  async agree(): Promise<void> {
    for (const { user, channel, timeZone } of this.#world.people) {
      const address = channel === 'email' ? `${user}@example.com` : user;
      const quietHours = { start: '22:00', end: '07:00' };
      await this.#call('PUT', `/v1/users/${user}/channels`, {
        channels: [{ kind: channel, address, consent: true, timeZone, quietHours }],
      });
    }
  }

  /** Simulates some hours from now: people visit, due notifications are sent, and people react to them. */
  async live(hours: number): Promise<Came> {
    const came = { email: 0, webhook: 0, clicked: 0 };
    const begin = this.#time;
    for (let hour = 0; hour < hours; hour++) {
      this.setClock(begin + hour * hourMs + 10 * minuteMs);
      for (const person of this.#world.people) {
        if (this.#world.hourOf(person, this.#time) === person.hour) await this.#visit(person);
      }
      this.setClock(begin + (hour + 1) * hourMs - minuteMs);
      await this.#deliver();
      for (const message of this.#arriving.take()) {
        came[message.by]++;
        if (await this.#react(message)) came.clicked++;
      }
    }
    return came;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }

  async #visit(person: Person): Promise<void> {
    const { user } = person;
    const request = { ...feed, query: [{ user }], surface: 'home', record: true, randomSeed: Math.floor(this.#time / hourMs) % 2 ** 31 }; // prettier-ignore
    const { recommendationId, items } = await this.#call<List>('POST', '/v1/recommendations', request);
    const clicks = items.filter(({ rank, pin }) => this.#world.draws(this.#world.rateOf(person, pin, person.hour, rank))); // prettier-ignore
    if (clicks.length === 0) return;
    const at = this.#time + minuteMs;
    await this.#call('POST', '/v1/interactions', clicks.map(({ pin }) => ({ kind: 'click', user, pin, recommendationId, at }))); // prettier-ignore
  }

  /** Whether the person follows a link. */
  async #react({ to, pins, openUrl, unsubscribeUrl }: Arrived): Promise<boolean> {
    const person = this.#world.people.find(({ user }) => to === user || to === `${user}@example.com`)!;
    if (openUrl !== undefined && this.#world.draws(openRate)) await fetch(openUrl);
    const hour = this.#world.hourOf(person, this.#time);
    const clicked = pins.filter(({ pin }, i) =>
      this.#world.draws(this.#world.rateOf(person, pin, hour, i + 1)),
    );
    for (const { link } of clicked) await fetch(link!, { redirect: 'manual' });
    if (clicked.length > 0) return true;
    if (this.#world.draws(leaveRate)) await fetch(unsubscribeUrl, { method: 'POST' });
    return false;
  }

  async #call<Body>(method: string, address: string, body: unknown): Promise<Body> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(this.#url + address, { method, headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${address}: ${await response.text()}`);
    return (await response.json()) as Body;
  }
}

interface List {
  readonly recommendationId: string;
  readonly items: readonly { readonly rank: number; readonly pin: string }[];
}

interface LoopParts {
  readonly world: World;
  readonly arriving: Receivers;
  readonly url: string;
  readonly deliver: () => Promise<unknown>;
  readonly setClock: (time: number) => void;
  readonly end: () => Promise<void>;
}
