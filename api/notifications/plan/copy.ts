import {
  type DataFolder,
  type NodeRow,
  type Proposal,
  type Store,
  webLink,
} from '../../../graph-data/index.ts';
import type { RecommendationReason } from '../../contract/index.ts';
import type { ServedInterests } from '../../recommend/index.ts';
import { type TemplateKind, type Words, wordsOf } from '../words.ts';
import type { Candidate } from './candidates.ts';

type Copy = Proposal['copy'];
/** Why the pipeline found a pin, if it did. */
type Reason = RecommendationReason | undefined;

/** UTF-16 units, as the outbox takes them. */
const [titleMax, textMax] = [200, 4_000] as const;

/** Texts of notifications from the reasons of their pins, in the language of the channel. */
export class CopyWriter {
  readonly #folder: DataFolder;
  readonly #store: Store;
  readonly #served: ServedInterests;
  readonly #words = new Map<string, Words>();

  constructor(folder: DataFolder, store: Store, served: ServedInterests) {
    this.#folder = folder;
    this.#store = store;
    this.#served = served;
  }

  /** Names of the templates that fit a pin in a language. */
  templatesOf(candidate: Candidate, reason: Reason, language: string): string[] {
    const { kind } = this.#subjectOf(candidate, reason);
    return Object.keys(this.#wordsOf(language).templates[kind]).map((name) => `${kind}/${name}`);
  }

  /** The first of some candidates that have an address to lead to. O(those looked at). */
  linked(candidates: readonly Candidate[], max: number): Candidate[] {
    const found: Candidate[] = [];
    for (const candidate of candidates) {
      if (found.length >= max) break;
      if (webLink(this.#row(candidate.pin)?.url) !== undefined) found.push(candidate);
    }
    return found;
  }

  /** The title, link and image of a pin, and why it is sent by one of its {@link templatesOf}. Never without a title. */
  of(candidate: Candidate, reason: Reason, language: string, template: string): Copy {
    const row = this.#row(candidate.pin);
    return {
      title: cut(this.#titleOf('pins', candidate.pin), titleMax),
      text: cut(this.#reasonOf(candidate, reason, this.#wordsOf(language), template), textMax),
      link: webLink(row?.url),
      image: webLink(row?.imageUrl),
      language,
    };
  }

  #reasonOf(candidate: Candidate, reason: Reason, { templates }: Words, template: string): string {
    const [kind, name] = template.split('/') as [TemplateKind, string];
    const { of } = this.#subjectOf(candidate, reason);
    // A function, since a title may contain what `replaceAll` takes for a pattern.
    return templates[kind][name]!.replaceAll('{of}', () => of);
  }

  /** The reason for a pin, and the subject of that reason. */
  #subjectOf(
    { source, of = '' }: Candidate,
    reason: Reason,
  ): { readonly kind: TemplateKind; readonly of: string } {
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
    const known = this.#words.get(language) ?? wordsOf(language, this.#folder);
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
