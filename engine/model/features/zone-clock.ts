const minuteMs = 60_000;
/** Zones change their offset at multiples of it. */
const quarterMs = 15 * minuteMs;

/** Hour and weekday in time zones. Offsets are looked up once a quarter of an hour. */
export class ZoneClock {
  readonly #offsets = new Map<string, Map<number, number>>();
  readonly #formats = new Map<string, Intl.DateTimeFormat>();

  /** Milliseconds since 1970 as if the zone's wall clock showed UTC. Throws RangeError for an unknown zone. */
  local(time: number, zone: string): number {
    if (zone === 'UTC') return time;
    let offsets = this.#offsets.get(zone);
    if (offsets === undefined) this.#offsets.set(zone, (offsets = new Map()));
    const quarter = Math.floor(time / quarterMs);
    let offset = offsets.get(quarter);
    if (offset === undefined) offsets.set(quarter, (offset = this.#offset(quarter * quarterMs, zone)));
    return time + offset;
  }

  #offset(time: number, zone: string): number {
    let format = this.#formats.get(zone);
    if (format === undefined) {
      format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
      this.#formats.set(zone, format);
    }
    const name = format.formatToParts(time).find(({ type }) => type === 'timeZoneName')!.value;
    const parts = /^GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(name)!;
    const [, sign = '+', hours = 0, minutes = 0, seconds = 0] = parts;
    return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  }
}
