/** A model's prediction for one notification to one person, and the state of their week. */
export interface SendPrediction {
  /** Probability that it is opened, if it is sent now. */
  readonly open: number;
  /** The same, had the person received one notification fewer in the last week. */
  readonly openWithOneFewer: number;
  /** Probability that the person unsubscribes because of it. */
  readonly unsubscribe: number;
  /** Notifications that the person received in the last 7 days. */
  readonly sentOfWeek: number;
}

/**
 * The marginal utility of one more notification, in opens: what it earns by itself, less what it takes from the others of the week,
 * less the opens that unsubscribing would cost. If a week with k notifications earns U(k) = k · p(k), this is U(k + 1) − U(k):
 * `open` is p(k + 1) and `openWithOneFewer` p(k), so tiredness counts as often as there are notifications that suffer from it. The
 * approach is that of Zhao et al. ("Notification Volume Control and Optimization System at Pinterest", KDD 2018,
 * doi:10.1145/3219819.3219906). Where p rises with k, which chance alone does, nothing is added.
 *
 * `unsubscribeCost`: opens that a person who leaves would still have given. Result in (−∞, 1].
 */
export function sendValue(
  { open, openWithOneFewer, unsubscribe, sentOfWeek }: SendPrediction,
  unsubscribeCost: number,
): number {
  return open - sentOfWeek * Math.max(0, openWithOneFewer - open) - unsubscribeCost * unsubscribe;
}
