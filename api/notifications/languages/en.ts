import type { Words } from './words.ts';

export const en: Words = {
  open: 'Open',
  whyEmail: 'You receive this e-mail because you agreed to it.',
  unsubscribe: 'Unsubscribe',
  question: 'Do you no longer want to be notified here?',
  done: 'You are unsubscribed: nothing more will be sent here.',
  because: (saved) => `Because you saved ${saved}`,
  newIn: (interest) => `New in ${interest}`,
  newOn: (board) => `New on ${board}`,
  popular: 'Popular right now',
  more: 'More for you',
};
