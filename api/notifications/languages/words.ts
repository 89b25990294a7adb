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
  /** Why a pin is sent: a pin that the person saved, by its title. */
  readonly because: (saved: string) => string;
  /** An interest. */
  readonly newIn: (interest: string) => string;
  /** A board that the person follows. */
  readonly newOn: (board: string) => string;
  /** To a person without saves. */
  readonly popular: string;
  /** Above further pins. */
  readonly more: string;
}
