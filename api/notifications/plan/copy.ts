import type { NodeRow, Proposal, Store } from '../../../graph-data/index.ts';
import type { ServedInterests } from '../../recommend/index.ts';
import { type TemplateKind, type Words, wordsOf } from '../words.ts';
import type { Candidate } from './candidates.ts';

type Copy = Proposal['copy'];

/** UTF-16 units, as the outbox takes them. */
const [titleMax, textMax, linkMax] = [200, 4_000, 2_048] as const;

/** Texts of notifications from the reasons of their pins, in the language of the channel. */
export class CopyWriter {
  readonly #store: Store;
  readonly #served: ServedInterests;
  readonly #words = new Map<string, Words>();

  constructor(store: Store, served: ServedInterests) {
    this.#store = store;
    this.#served = served;
  }

  /** Names of the templates that fit a pin in a language. */
  templatesOf(candidate: Candidate, language: string): string[] {
    const { kind } = this.#subjectOf(candidate);
    return Object.keys(this.#wordsOf(language).templates[kind]).map((name) => `${kind}/${name}`);
  }

  /**
   * The title, link and image of the first pin, why it is sent by one of its {@link templatesOf}, and the titles of the others. Never
   * without a title.
   */
  of([first, ...others]: readonly [Candidate, ...Candidate[]], language: string, template: string): Copy {
    const words = this.#wordsOf(language);
    const row = this.#row(first.pin);
    const more = others.map(({ pin }) => `• ${this.#titleOf('pins', pin)}`);
    const text = [
      this.#reasonOf(first, words, template),
      ...(more.length > 0 ? [`${words.more}:`, ...more] : []),
    ];
    return {
      title: cut(this.#titleOf('pins', first.pin), titleMax),
      text: cut(text.join('\n'), textMax),
      link: webLink(row?.url),
      image: webLink(row?.imageUrl),
      language,
    };
  }

  #reasonOf(candidate: Candidate, { templates }: Words, template: string): string {
    const [kind, name] = template.split('/') as [TemplateKind, string];
    const { of } = this.#subjectOf(candidate);
    // A function, since a title may contain what `replaceAll` takes for a pattern.
    return templates[kind][name]!.replaceAll('{of}', () => of);
  }

  /** Why a pin is sent, and what it is about. */
  #subjectOf({ source, reason, of = '' }: Candidate): { readonly kind: TemplateKind; readonly of: string } {
    if (source === 'interest') {
      const place = this.#served.tree.placeOf(of);
      return { kind: source, of: place === undefined ? of : this.#served.tree.interests[place]!.name };
    }
    if (source === 'board') return { kind: source, of: this.#titleOf('boards', of) };
    const saved = reason?.via[0]?.pin ?? reason?.like?.pin ?? reason?.bridge?.queryPin;
    return saved === undefined
      ? { kind: 'popular', of: '' }
      : { kind: 'saved', of: this.#titleOf('pins', saved) };
  }

  #wordsOf(language: string): Words {
    const known = this.#words.get(language) ?? wordsOf(language);
    this.#words.set(language, known);
    return known;
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
