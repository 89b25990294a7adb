import { Turns } from '../../api/index.ts';

/** Counts the turns that its tasks take. */
export class CountedTurns extends Turns {
  count = 0;

  override async next(): Promise<void> {
    this.count++;
    return super.next();
  }
}
