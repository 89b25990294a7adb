import type { Words } from './words.ts';

export const de: Words = {
  open: 'Öffnen',
  whyEmail: 'Sie erhalten diese E-Mail, weil Sie zugestimmt haben.',
  unsubscribe: 'Abbestellen',
  question: 'Möchten Sie hier keine Benachrichtigungen mehr bekommen?',
  done: 'Abbestellt: Hier wird nichts mehr gesendet.',
  because: (saved) => `Weil Sie ${saved} gemerkt haben`,
  newIn: (interest) => `Neu in ${interest}`,
  newOn: (board) => `Neu auf ${board}`,
  popular: 'Gerade beliebt',
  more: 'Mehr für Sie',
};
