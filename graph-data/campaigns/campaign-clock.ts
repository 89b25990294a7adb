import { ZoneClock } from '../../engine/model/features/index.ts';

/** The day of a campaign's budget: the date, such as 2026-11-30, that the clocks of its zone show. O(1). */
export class CampaignClock {
  readonly zones: ZoneClock = new ZoneClock();

  /** `time`: milliseconds since 1970. */
  dayOf(time: number, zone: string): string {
    return new Date(this.zones.local(time, zone)).toISOString().slice(0, 10);
  }
}
