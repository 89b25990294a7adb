import { type RandomStream, ZoneHours, nextBelow, nextUnit, randomStream } from '../../../engine/index.ts';

/** A person: their key is one of the sample graph. */
export interface Person {
  readonly user: string;
  readonly channel: 'email' | 'webhook';
  readonly timeZone: string;
  /** Of their clock: when they visit, and like to be notified. */
  readonly hour: number;
}

/** Truths that only this script knows: which pins appeal to everybody, and when people click. */
export class World {
  readonly people: readonly Person[];
  readonly #appeals: readonly boolean[];
  readonly #zones = new ZoneHours();
  readonly #stream: RandomStream;

  constructor(peopleCount: number, pinCount: number, seed: number) {
    this.#stream = randomStream(seed);
    this.#appeals = Array.from({ length: pinCount }, () => nextUnit(this.#stream) < appealShare);
    this.people = Array.from({ length: peopleCount }, (_, i) => ({
      user: `user-${i}`,
      channel: i % 2 === 0 ? 'email' : 'webhook',
      timeZone: zones[i % zones.length]!,
      hour: 8 + nextBelow(this.#stream, 13),
    }));
  }

  hourOf({ timeZone }: Person, time: number): number {
    return Math.floor(this.#zones.minuteOf(time, timeZone) / 60);
  }

  /** The true probability of a click on a pin, by the hour of the person's clock and the pin's rank in its list. */
  rateOf({ hour: own }: Person, pin: string, hour: number, rank: number): number {
    const appeal = this.#appeals[Number(pin.slice('pin-'.length))] === true ? appealing : other;
    const rate = appeal * rank ** rankPower;
    return Math.abs(hour - own) <= 1 ? rate * atOwnHour : rate;
  }

  /** The true probability of a click on any of a list. */
  rateOfAny(person: Person, pins: readonly string[], hour: number): number {
    return 1 - pins.reduce((none, pin, i) => none * (1 - this.rateOf(person, pin, hour, i + 1)), 1);
  }

  draws(probability: number): boolean {
    return nextUnit(this.#stream) < probability;
  }
}

const zones = ['Europe/Berlin', 'America/New_York', 'UTC'];
/** Of the pins. */
const appealShare = 0.3;
const [appealing, other, atOwnHour] = [0.28, 0.04, 1.5];
/** Of the rate of a click at rank r: 1 / r^0.5. */
const rankPower = -0.5;
