import type { SplitTies } from '../../../engine/index.ts';

/** How many ties of time a split broke, as a sentence without a full stop. */
export function tiesText({ among, tied, of }: SplitTies): string {
  const count = `${tied.toLocaleString('en')} of ${of.toLocaleString('en')}`;
  return among === 'boards'
    ? `${count} users have a tie at their last moment: the seed draws which save is held out`
    : `${count} saves were made at the moment of the split: the seed draws which of them are held out`;
}
