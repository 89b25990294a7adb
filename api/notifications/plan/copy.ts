import type { NodeRow, Proposal, Store } from '../../../graph-data/index.ts';
import type { ServedInterests } from '../../recommend/index.ts';
import { type Words, wordsOf } from '../languages/index.ts';
import type { Candidate } from './candidates.ts';

type Copy = Proposal['copy'];

/** UTF-16 units, as the outbox takes them. */
const [titleMax, textMax, linkMax] = [200, 4_000, 2_048] as const;

/** Texts of notifications from the reasons of their pins, in the language of the channel. */
export class CopyWriter {
  readonly #store: Store;
  readonly #served: ServedInterests;

  constructor(store: Store, served: ServedInterests) {
    this.#store = store;
    this.#served = served;
  }

  /** The title, link and image of the first pin, why it is sent, and the titles of the others. Never without a title. */
  of([first, ...others]: readonly [Candidate, ...Candidate[]], language: string): Copy {
    const words = wordsOf(language);
    const row = this.#row(first.pin);
    const more = others.map(({ pin }) => `• ${this.#titleOf('pins', pin)}`);
    const text = [this.#reasonOf(first, words), ...(more.length > 0 ? [`${words.more}:`, ...more] : [])];
    return {
      title: cut(this.#titleOf('pins', first.pin), titleMax),
      text: cut(text.join('\n'), textMax),
      link: webLink(row?.url),
      image: webLink(row?.imageUrl),
      language,
    };
  }

  #reasonOf({ source, reason, of = '' }: Candidate, words: Words): string {
    if (source === 'interest') {
      const place = this.#served.tree.placeOf(of);
      return words.newIn(place === undefined ? of : this.#served.tree.interests[place]!.name);
    }
    if (source === 'board') return words.newOn(this.#titleOf('boards', of));
    const because = reason?.via[0]?.pin ?? reason?.like?.pin ?? reason?.bridge?.queryPin;
    return because === undefined ? words.popular : words.because(this.#titleOf('pins', because));
  }

  #row(pin: string): NodeRow | undefined {
    const index = this.#store.indexOf('pins', pin);
    return index === undefined ? undefined : this.#store.nodeAt('pins', index);
  }

  /** Its title, or its key. */
  #titleOf(kind: 'pins' | 'boards', key: string): string {
    const index = this.#store.indexOf(kind, key);
    const title = index === undefined ? undefined : this.#store.nodeAt(kind, index)?.title;
    return [title ?? '', key].find((text) => text.trim() !== '') ?? '…';
  }
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1).toWellFormed()}…`;
}

function webLink(link: string | null | undefined): string | undefined {
  if (link === null || link === undefined || link.length > linkMax || !URL.canParse(link)) return undefined;
  return /^https?:$/.test(new URL(link).protocol) ? link : undefined;
}
