import { degreeOf } from '../../engine/graph/index.ts';
import {
  type Interest,
  type InterestEdit,
  type InterestTree,
  type LoadedSnapshot,
  type Store,
} from '../../graph-data/index.ts';
import { Problem, type Turns, invalidRequest } from '../base/index.ts';
import type {
  InterestRequest,
  InterestResponse,
  InterestsResponse,
  PersonInterestsResponse,
} from '../contract/index.ts';
import type { InterestCatalog } from '../recommend/index.ts';
import { tagsOfPins } from './person-tags.ts';
import { interestsOfPerson } from './person.ts';
import { type Walk, walkedPins } from './walked-pins.ts';

/** Interests whose edits are kept, those of earlier graphs included. */
const editsMax = 5_000;

type InterestBody = InterestsResponse['interests'][number];

/** The interests of the served graph: lists, single ones, and the operator's edits. */
export class Interests {
  readonly #catalog: InterestCatalog;
  readonly #store: Store;
  readonly #turns: Turns;

  constructor(catalog: InterestCatalog, store: Store, turns: Turns) {
    this.#catalog = catalog;
    this.#store = store;
    this.#turns = turns;
  }

  /** A person's interests, by their saves and by the pins that a walk from these finds. */
  async ofPerson(
    snapshot: LoadedSnapshot,
    user: number,
    { limit, tags }: { readonly limit: number; readonly tags: number },
    walk: Walk,
  ): Promise<PersonInterestsResponse> {
    const deps = { store: this.#store, turns: this.#turns };
    const served = this.#catalog.of(snapshot);
    const walked = await walkedPins(this.#store, served, this.#store.keyAt('users', user)!, walk);
    const body = await interestsOfPerson(deps, snapshot, served, user, limit, walked);
    return tags === 0 ? body : { ...body, tags: await tagsOfPins(deps, walked, tags) };
  }

  /** The id of the interest that an id stands for. Throws `unknown-interest`. */
  idOf(snapshot: LoadedSnapshot, id: string): string {
    return foundIn(this.#catalog.of(snapshot).tree, id).id;
  }

  /** The ids of a list, in its order. Throws `unknown-interest` for a parent that is not there. */
  idsOf(
    snapshot: LoadedSnapshot,
    { parent, depth, hidden }: { parent?: string | undefined; depth: number; hidden: boolean },
  ): string[] {
    const { tree } = this.#catalog.of(snapshot);
    const above = parent === undefined ? undefined : foundIn(tree, parent).id;
    return tree.interests
      .filter((each) => above === undefined || each.parent === above)
      .filter((each) => (hidden || !each.isHidden) && aboveOf(tree, each).length < depth)
      .map(({ id }) => id);
  }

  /** An interest of a list. */
  body(snapshot: LoadedSnapshot, id: string, pinsMax: number): InterestBody {
    const { tree } = this.#catalog.of(snapshot);
    const each = foundIn(tree, id);
    const { parent, name, words, isHidden, merged, pins, boards, saves } = each;
    return {
      id: each.id,
      parent,
      name,
      words,
      depth: aboveOf(tree, each).length + 1,
      hidden: isHidden,
      merged,
      counts: { pins, boards, saves, children: tree.childrenOf(each.id).length },
      topPins: this.#topPins(snapshot, each, pinsMax),
    };
  }

  /** Throws `unknown-interest`. */
  find(snapshot: LoadedSnapshot, id: string, pinsMax: number): InterestResponse {
    const { tree } = this.#catalog.of(snapshot);
    const found = foundIn(tree, id);
    return {
      graphVersion: snapshot.version,
      ...this.body(snapshot, id, pinsMax),
      edit: this.#catalog.edits.get(found.id) ?? {},
      above: aboveOf(tree, found).map((each) => ({ id: each.id, name: each.name })),
      children: tree
        .childrenOf(found.id)
        .map((child) => foundIn(tree, child))
        .filter(({ isHidden }) => !isHidden || found.isHidden)
        .map(({ id: child, name, pins }) => ({ id: child, name, pins })),
    };
  }

  /** Replaces the edits of an interest. Throws `unknown-interest`, `invalid-request` for a merge that cannot be, and `conflict`. */
  edit(snapshot: LoadedSnapshot, id: string, { name, hidden, mergedInto }: InterestRequest): void {
    const { tree } = this.#catalog.of(snapshot);
    foundIn(tree, id);
    if (mergedInto !== undefined) this.#assertMergeable(tree, id, mergedInto);
    const edit: InterestEdit = {
      ...(name !== undefined && { name }),
      ...(hidden === true && { hidden }),
      ...(mergedInto !== undefined && { mergedInto }),
    };
    const edits = new Map(this.#catalog.edits);
    if (Object.keys(edit).length === 0) edits.delete(id);
    else edits.set(id, edit);
    if (edits.size > editsMax) {
      throw new Problem('conflict', `${editsMax} interests are edited already: take edits back first`);
    }
    this.#catalog.write(edits);
  }

  #assertMergeable(tree: InterestTree, id: string, into: string): void {
    if (tree.placeOf(into) === undefined) throw unmergeable('there is no such interest');
    const seen = new Set([id]);
    for (let at: string | undefined = into; at !== undefined; at = this.#catalog.edits.get(at)?.mergedInto) {
      if (seen.has(at)) throw unmergeable('is this interest itself, or is merged into it');
      seen.add(at);
    }
    const own = tree.placeOf(id)!;
    if (tree.interests[own]!.id === id && tree.within(own).has(tree.placeOf(into)!))
      throw unmergeable('lies below this one: merge it into this one instead');
  }

  #topPins({ graph }: LoadedSnapshot, { topPins }: Interest, pinsMax: number): InterestBody['topPins'] {
    const bySaves = topPins.toSorted((a, b) => degreeOf(graph.pinToBoard, b) - degreeOf(graph.pinToBoard, a));
    return bySaves.slice(0, pinsMax).flatMap((pin) => {
      const row = this.#store.nodeAt('pins', pin);
      return row === undefined ? [] : [{ pin: row.key, title: row.title ?? null }];
    });
  }
}

function unmergeable(detail: string): Problem {
  return invalidRequest([{ pointer: '/mergedInto', code: 'invalid-value', detail }]);
}

/** The interests above one, from the root down. */
function aboveOf(tree: InterestTree, { parent }: Interest): Interest[] {
  if (parent === null) return [];
  const above = foundIn(tree, parent);
  return [...aboveOf(tree, above), above];
}

function foundIn(tree: InterestTree, id: string): Interest {
  const place = tree.placeOf(id);
  if (place === undefined) throw new Problem('unknown-interest', `the graph has no interest ${id}`);
  return tree.interests[place]!;
}
