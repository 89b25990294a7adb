import { check } from '../base/index.ts';

/** Values are counted in bins of equal ratio: neighbors differ by 1.8 %. */
const binCount = 512;
const lowest = 1e-4;
const ratio = (1 / lowest) ** (1 / binCount);
/** Offers after which the threshold is computed again: at most. */
const offersBetween = 64;
/** Of the days before, each counts half of the next. */
const dailyDecay = 0.5;
const weekDays = 7;
/** How far the week may be behind, of what an even week would have left. */
const behindShare = 0.05;

/** The state of a {@link VolumeControl}: plain numbers, to store between runs. */
export interface VolumeState {
  /** Decayed offers by bin of their value. */
  readonly bins: readonly number[];
  /** Decayed offers, those without a positive value included. */
  readonly offers: number;
  /** The share of a week in which they were made, decayed as they are. */
  readonly elapsed: number;
}

/** A {@link VolumeControl} within its week, as plain JSON: to go on where a process ended. */
export interface VolumeMark extends VolumeState {
  readonly budget: number;
  readonly sent: number;
  /** Of the week, up to the last offer. */
  readonly progress: number;
  readonly offersOfWeek: number;
  /** Of {@link VolumeControl.threshold} as computed last; null: Infinity. */
  readonly threshold: number | null;
  /** Offers since then; null: compute it with the next. */
  readonly sinceThreshold: number | null;
}

/**
 * Holds the notifications of a week to a budget by one threshold for all people: whoever's next notification is worth more receives
 * it. That is the dual of choosing the notifications with the highest sum of values under a total (Gupta et al., "Email Volume
 * Optimization at LinkedIn", KDD 2016, doi:10.1145/2939672.2939692; Gao et al., "Near Real-time Optimization of Activity-based
 * Notifications", KDD 2018, doi:10.1145/3219819.3219880): the threshold is the price of a notification, in opens.
 *
 * It works on a stream: offers come one after another through the week, and each is decided at once. The threshold is the value
 * that as many of the offers still to come will exceed as the budget has left, if they come as often and are worth as much as those of
 * recent days; so errors of a day are made up for on the next, and the budget is never exceeded. How often is taken from recent days, not
 * from the week: fewer come as caps fill, and whoever expects too many is short at its end. Values may fall from one day to the next, when a
 * model has learned: a week that is behind an even one lowers its threshold until it keeps up, whatever recent days say. Nothing with a value of 0
 * or less is sent.
 * Memory does not depend on the number of people. O(1) an offer, amortised.
 */
export class VolumeControl {
  readonly #bins: Float64Array;
  #offers: number;
  #elapsed: number;
  readonly #budget: number;
  #sent = 0;
  #progress = 0;
  #offersNow = 0;
  #threshold = 0;
  #sinceThreshold = Infinity;

  /** `state`: of the week before. Default: nothing is known; the first offer tells. */
  constructor(budget: number, state?: VolumeState) {
    check(budget >= 0 && Number.isFinite(budget), 'budget', `${budget} is not a number of notifications`);
    check(state === undefined || state.bins.length === binCount, 'state', `does not have ${binCount} bins`);
    this.#budget = budget;
    this.#bins = state === undefined ? new Float64Array(binCount) : Float64Array.from(state.bins);
    this.#offers = state?.offers ?? 0;
    this.#elapsed = state?.elapsed ?? 0;
  }

  /** Whether the budget is used up. */
  get isSpent(): boolean {
    return this.#sent >= this.#budget;
  }

  /** To go on with after the week. */
  get state(): VolumeState {
    return { bins: [...this.#bins], offers: this.#offers, elapsed: this.#elapsed + this.#restOfDay };
  }

  /** Where it is within its week. */
  get mark(): VolumeMark {
    return {
      ...this.state,
      elapsed: this.#elapsed,
      budget: this.#budget,
      sent: this.#sent,
      progress: this.#progress,
      offersOfWeek: this.#offersNow,
      threshold: finite(this.#threshold),
      sinceThreshold: finite(this.#sinceThreshold),
    };
  }

  /** Goes on from a {@link mark}: the same offers then get the same decisions. */
  static at(mark: VolumeMark): VolumeControl {
    const volume = new VolumeControl(mark.budget, mark);
    volume.#sent = mark.sent;
    volume.#progress = mark.progress;
    volume.#offersNow = mark.offersOfWeek;
    volume.#threshold = mark.threshold ?? Infinity;
    volume.#sinceThreshold = mark.sinceThreshold ?? Infinity;
    return volume;
  }

  /** Lets the days before count less. Call it once a day. `progress`: the share of the week before it. */
  startDay(progress: number): void {
    this.#elapsed += Math.min(this.#restOfDay, Math.max(0, progress - this.#progress));
    for (let bin = 0; bin < binCount; bin++) this.#bins[bin]! *= dailyDecay;
    this.#offers *= dailyDecay;
    this.#elapsed *= dailyDecay;
    this.#progress = progress;
    this.#sinceThreshold = Infinity;
  }

  /**
   * What an offer must exceed now, in opens; Infinity once the budget is spent. `progress`: the share of the week's offers that
   * were made, in [0, 1], such as people visited of all people in seven days.
   */
  threshold(progress: number): number {
    this.#elapsed += Math.max(0, progress - this.#progress);
    this.#progress = Math.max(progress, this.#progress);
    if (this.isSpent) return Infinity;
    // Often at first, when little is known, and at the end, when little can be made up for.
    const left = this.#elapsed > 0 ? (this.#offers / this.#elapsed) * (1 - progress) : 0;
    if (this.#sinceThreshold >= Math.min(offersBetween, 1 + 0.02 * this.#offersNow, 1 + 0.02 * left)) {
      this.#threshold = this.#price(progress) * this.#patience(progress);
      this.#sinceThreshold = 0;
    }
    return this.#threshold;
  }

  /** Counts an offer of a value, and whether it was sent. */
  offered(value: number, isSent: boolean): void {
    this.#sinceThreshold++;
    this.#offersNow++;
    this.#offers++;
    if (isSent) this.#sent++;
    if (value > lowest) this.#bins[binOf(value)]!++;
  }

  /** The share of the week from the last offer to the end of its day, which belongs to that offer. */
  get #restOfDay(): number {
    if (this.#offersNow === 0) return 0;
    return (Math.floor(weekDays * this.#progress + 1e-9) + 1) / weekDays - this.#progress;
  }

  /** 1 as long as the week is about even, 0 when it is far behind: by more than chance, and a share of what is left, would have it. */
  #patience(progress: number): number {
    const left = this.#budget * (1 - progress);
    const allowed = behindShare * left + Math.sqrt(left);
    const behind = this.#budget - this.#sent - left;
    return Math.min(1, Math.max(0, 2 - behind / allowed));
  }

  #price(progress: number): number {
    // The first offer of all tells what offers are worth.
    if (this.#offers === 0) return 0;
    if (this.#elapsed === 0) return Infinity;
    // Where the budget is enough for everybody, rounding must hold nobody back.
    let wanted = ((1 + 1e-9) * (this.#budget - this.#sent) * this.#elapsed) / (1 - progress);
    let bin = binCount - 1;
    for (; bin >= 0; bin--) {
      const own = this.#bins[bin]!;
      // Within the bin, as if its values were spread evenly.
      if (own >= wanted) return lowest * ratio ** (bin + 1 - wanted / own);
      wanted -= own;
    }
    return 0;
  }
}

/** JSON has no Infinity. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function binOf(value: number): number {
  return Math.min(binCount - 1, Math.floor(Math.log(value / lowest) / Math.log(ratio)));
}
