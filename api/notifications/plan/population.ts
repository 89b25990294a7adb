import { KeyIndex } from '../../../engine/model/index.ts';
import type { ZoneHours } from '../../../engine/notify/index.ts';
import { numberOfKey } from '../../../engine/random/index.ts';
import type { PlanReader, RecentLog } from '../../../graph-data/index.ts';

const minuteMs = 60_000;

/** Who may be notified, as numbers, and where: 16 bytes a person. */
export class Population {
  /** Visits of everybody, by the hour of their clock. People whose time zone is unknown are left out. */
  readonly hours: Uint32Array<ArrayBuffer> = new Uint32Array(24);
  readonly #people = new KeyIndex();
  readonly #zones: string[] = [];
  #zoneOf = new Uint16Array(1_024);

  constructor(reader: PlanReader) {
    const numbers = new Map<string, number>();
    for (const { user, timeZone } of reader.zones()) {
      const person = numberOfKey(user);
      if (this.has(person)) continue;
      let zone = numbers.get(timeZone);
      if (zone === undefined) {
        zone = this.#zones.push(timeZone) - 1;
        numbers.set(timeZone, zone);
      }
      const row = this.#people.append(person);
      if (row >= this.#zoneOf.length) {
        const grown = new Uint16Array(2 * row);
        grown.set(this.#zoneOf);
        this.#zoneOf = grown;
      }
      this.#zoneOf[row] = zone;
    }
  }

  /** By `numberOfKey`. */
  has(person: number): boolean {
    return this.#people.rowOf(person) >= 0;
  }

  /** Counts the visits of everybody by the hour of their own clock, once an hour each. O(visits). */
  count(log: RecentLog, zoneHours: ZoneHours): void {
    let [last, lastHour] = [-1, -1];
    for (const [person, at] of log.visits()) {
      const row = this.#people.rowOf(person);
      if (row < 0) continue;
      const minute = minuteIn(zoneHours, at, this.#zones[this.#zoneOf[row]!]!);
      if (minute === undefined) continue;
      const hour = hourStart(at, minute);
      if (person !== last || hour !== lastHour) this.hours[Math.floor(minute / 60)]!++;
      [last, lastHour] = [person, hour];
    }
  }
}

/** Visits of one person by the hour of their clock, once an hour. `times`: ascending. */
export function hourCounts(zoneHours: ZoneHours, times: readonly number[], zone: string): Uint32Array {
  const hours = new Uint32Array(24);
  let last = -1;
  for (const at of times) {
    const minute = minuteIn(zoneHours, at, zone);
    if (minute === undefined) break;
    const hour = hourStart(at, minute);
    if (hour !== last) hours[Math.floor(minute / 60)]!++;
    last = hour;
  }
  return hours;
}

/** When the clock began the hour that it shows. */
function hourStart(time: number, minute: number): number {
  return time - (minute % 60) * minuteMs;
}

/** The minute of the day in a zone; undefined for a zone that this Node does not know. */
export function minuteIn(zoneHours: ZoneHours, time: number, zone: string): number | undefined {
  try {
    return zoneHours.minuteOf(time, zone);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
