/** What surrounds the copy of a notification, in one language: plain text. */
export interface Words {
  /** On the link. */
  readonly open: string;
  /** At the foot of an e-mail. */
  readonly whyEmail: string;
  /** On the link and the button. */
  readonly unsubscribe: string;
  /** Above the button. */
  readonly question: string;
  readonly done: string;
}
