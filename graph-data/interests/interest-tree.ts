import type { InterestEdits } from './edits-file.ts';
import type { BuiltInterest } from './tree-file.ts';

/** An interest with the operator's edits. */
export interface Interest {
  readonly id: string;
  /** Null for a root. */
  readonly parent: string | null;
  readonly name: string;
  readonly words: readonly string[];
  /** Whether it, or one above it, is hidden by the operator. */
  readonly isHidden: boolean;
  /** Ids of the interests that were merged into it. */
  readonly merged: readonly string[];
  readonly pins: number;
  readonly boards: number;
  readonly saves: number;
  readonly topPins: readonly number[];
}

/** Its communities, each with its interest's place in {@link InterestTree.interests}. */
interface PlacedCommunity {
  readonly level: number;
  readonly community: number;
  readonly interest: number;
}

/** The interests of a snapshot as the operator has edited them, depth first, siblings by saves. */
export class InterestTree {
  readonly interests: readonly Interest[];
  readonly placed: readonly PlacedCommunity[];
  readonly #placeOf: ReadonlyMap<string, number>;
  readonly #targets: ReadonlyMap<string, string>;
  readonly #children: ReadonlyMap<string | null, readonly string[]>;

  constructor(built: readonly BuiltInterest[], edits: InterestEdits) {
    this.#targets = targetsOf(built, edits);
    const edited = withEdits(built, edits, this.#targets);
    this.#children = childrenOf(edited);
    const inOrder: Interest[] = [];
    const visit = (id: string | null): void => {
      for (const child of this.#children.get(id) ?? []) {
        inOrder.push(edited.get(child)!);
        visit(child);
      }
    };
    visit(null);
    this.interests = inOrder;
    this.#placeOf = new Map(inOrder.map(({ id }, place) => [id, place]));
    this.placed = built.map(({ id, level, community }) => {
      return { level, community, interest: this.#placeOf.get(this.#targets.get(id)!)! };
    });
  }

  /** The place of an interest, or of the one it was merged into; undefined if the tree does not have it. */
  placeOf(id: string): number | undefined {
    const target = this.#targets.get(id);
    return target === undefined ? undefined : this.#placeOf.get(target);
  }

  /** Ids of the interests right below; of the roots for null. */
  childrenOf(id: string | null): readonly string[] {
    return this.#children.get(id) ?? [];
  }

  /** The places of an interest and of all below it. */
  within(place: number): Set<number> {
    const { id } = this.interests[place]!;
    const all = new Set([place]);
    for (const child of this.childrenOf(id)) {
      for (const below of this.within(this.#placeOf.get(child)!)) all.add(below);
    }
    return all;
  }
}

/** What each interest is merged into in the end: itself, if nothing. Merges in a circle, or into something unknown, are none. */
function targetsOf(built: readonly BuiltInterest[], edits: InterestEdits): Map<string, string> {
  const ids = new Set(built.map(({ id }) => id));
  return new Map(
    built.map(({ id }) => {
      const seen = new Set([id]);
      let target = id;
      for (;;) {
        const next = edits.get(target)?.mergedInto;
        if (next === undefined || !ids.has(next)) return [id, target];
        if (seen.has(next)) return [id, id];
        seen.add((target = next));
      }
    }),
  );
}

type Sums = { pins: number; boards: number; saves: number };

function withEdits(
  built: readonly BuiltInterest[],
  edits: InterestEdits,
  targets: ReadonlyMap<string, string>,
): Map<string, Interest> {
  const byId = new Map(built.map((each) => [each.id, each]));
  const parentOf = (id: string): string | null => {
    // One above that was merged into something below it cannot hold it.
    const seen = new Set([id]);
    let parent = byId.get(id)!.parent;
    while (parent !== null) {
      const target = targets.get(parent)!;
      if (!seen.has(target)) return target;
      seen.add(parent);
      parent = byId.get(parent)!.parent;
    }
    return null;
  };
  const parents = acyclic(new Map([...new Set(targets.values())].map((id) => [id, parentOf(id)])));
  const sums = new Map<string, Sums>([...parents.keys()].map((id) => [id, { pins: 0, boards: 0, saves: 0 }]));
  const mergedInto = new Map<string, BuiltInterest[]>([...parents.keys()].map((id) => [id, []]));
  for (const [each, own] of ownSums(built)) {
    const target = targets.get(each)!;
    mergedInto.get(target)!.push(byId.get(each)!);
    for (let id: string | null = target; id !== null; id = parents.get(id)!) add(sums.get(id)!, own);
  }
  const isHidden = (id: string | null): boolean =>
    id !== null && (edits.get(id)?.hidden === true || isHidden(parents.get(id)!));
  return new Map(
    [...parents].map(([id, parent]) => {
      const own = byId.get(id)!;
      const all = mergedInto.get(id)!;
      return [
        id,
        {
          id,
          parent,
          name: edits.get(id)?.name ?? own.name,
          words: own.words,
          isHidden: isHidden(id),
          merged: all.map((each) => each.id).filter((each) => each !== id),
          ...sums.get(id)!,
          topPins: [...new Set([own, ...all].flatMap(({ topPins }) => topPins))],
        },
      ];
    }),
  );
}

/** Without parents that lie below: merges by hand may ask for them. */
function acyclic(parents: Map<string, string | null>): Map<string, string | null> {
  for (const id of parents.keys()) {
    const seen = new Set([id]);
    for (let at = parents.get(id)!; at !== null; at = parents.get(at)!) {
      if (seen.has(at)) {
        parents.set(id, null);
        break;
      }
      seen.add(at);
    }
  }
  return parents;
}

/** What of each interest is in none below it. */
function ownSums(built: readonly BuiltInterest[]): Map<string, Sums> {
  const own = new Map(built.map(({ id, pins, boards, saves }) => [id, { pins, boards, saves }]));
  for (const { parent, pins, boards, saves } of built) {
    const above = parent === null ? undefined : own.get(parent);
    if (above !== undefined) add(above, { pins: -pins, boards: -boards, saves: -saves });
  }
  return own;
}

function add(sum: Sums, { pins, boards, saves }: Sums): void {
  sum.pins += pins;
  sum.boards += boards;
  sum.saves += saves;
}

function childrenOf(interests: ReadonlyMap<string, Interest>): Map<string | null, string[]> {
  const children = new Map<string | null, string[]>();
  const bySaves = [...interests.values()].toSorted((a, b) => b.saves - a.saves || (a.id < b.id ? -1 : 1));
  for (const { id, parent } of bySaves) children.set(parent, [...(children.get(parent) ?? []), id]);
  return children;
}
