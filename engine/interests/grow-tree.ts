import { type PinBoardGraph, degreeOf, nodeCount } from '../graph/index.ts';
import { TopPins } from '../rank/index.ts';

/** Communities of pins and boards, from fine to coarse: `pins[level * pinCount + pin]` is a pin's community at a level. */
export interface LeveledCommunities {
  readonly levels: number;
  readonly pins: Int32Array;
  readonly boards: Int32Array;
}

/** A community that is large enough to be an interest. */
export interface TreeNode {
  readonly level: number;
  readonly community: number;
  /** Its place in the list, before that of its children; -1 for a root. */
  readonly parent: number;
  /** Pins with saves. */
  readonly pins: number;
  /** Boards with saves. */
  readonly boards: number;
  readonly saves: number;
  /** The most saved pins, best first; ties to the smaller index. */
  readonly topPins: readonly number[];
}

interface TreeLimits {
  /** An interest has at least as many pins with saves, and boards. */
  readonly pinsMin: number;
  readonly boardsMin: number;
  /** Interests at most: the ones with the most saves. */
  readonly interestsMax: number;
  readonly topPinsMax: number;
}

const treeLimits: TreeLimits = { pinsMin: 10, boardsMin: 3, interestsMax: 2_000, topPinsMax: 24 };

/** A community with this share of the pins of the one above repeats it. */
const repeatShare = 0.95;

/**
 * The tree of interests in the communities of a graph: every community of some size, under the smallest that holds it,
 * unless it is nearly all of that. Coarse ones come first, then by saves, ties by community.
 * O(levels · (pins + boards)). `pinCount` and the counts of boards are those of the communities.
 */
export function growTree(
  graph: PinBoardGraph,
  { levels, pins, boards }: LeveledCommunities,
  { pinsMin, boardsMin, interestsMax, topPinsMax }: TreeLimits = treeLimits,
): TreeNode[] {
  const pinCount = pins.length / levels;
  const boardCount = boards.length / levels;
  const size = 1 + Math.max(lastOf(pins), lastOf(boards));
  const found: Counted[] = [];
  for (let level = levels - 1; level >= 0; level--) {
    const counts = { pins: new Int32Array(size), boards: new Int32Array(size), saves: new Int32Array(size) };
    const parents = new Int32Array(size).fill(-1);
    for (let pin = 0; pin < pinCount; pin++) {
      const saves = degreeOf(graph.pinToBoard, pin);
      if (saves === 0) continue;
      const community = pins[level * pinCount + pin]!;
      counts.pins[community]!++;
      counts.saves[community]! += saves;
      if (level + 1 < levels) parents[community] = pins[(level + 1) * pinCount + pin]!;
    }
    for (let board = 0; board < boardCount; board++) {
      if (degreeOf(graph.boardToPin, board) > 0) counts.boards[boards[level * boardCount + board]!]!++;
    }
    for (let community = 0; community < size; community++) {
      const sizes = {
        pins: counts.pins[community]!,
        boards: counts.boards[community]!,
        saves: counts.saves[community]!,
      };
      if (sizes.pins < pinsMin || sizes.boards < boardsMin) continue;
      found.push({ level, community, above: parents[community]!, ...sizes });
    }
  }
  const kept = largestOf(withoutRepeats(found), interestsMax);
  const placeOf = new Map(kept.map(({ level, community }, i) => [level * size + community, i]));
  const tops = topPinsOf(graph, pins, kept, placeOf, size, topPinsMax);
  const aboveOf = new Map(found.map((each) => [each.level * size + each.community, each.above]));
  return kept.map(({ above, level: own, community: named, pins: ownPins, boards: ownBoards, saves }, i) => {
    let parent: number | undefined;
    let [level, community] = [own + 1, above];
    for (; level < levels && parent === undefined; level++) {
      parent = placeOf.get(level * size + community);
      community = aboveOf.get(level * size + community) ?? -1;
    }
    const sizes = { pins: ownPins, boards: ownBoards, saves };
    return Object.assign(sizes, { level: own, community: named, parent: parent ?? -1, topPins: tops[i]! });
  });
}

interface Counted extends Omit<TreeNode, 'parent' | 'topPins'> {
  /** The community of the next level that holds it; -1 at the last. */
  readonly above: number;
}

/** Without communities that are nearly all of their parent: they add no distinction. */
function withoutRepeats(found: readonly Counted[]): Counted[] {
  const pinsOf = new Map(found.map(({ level, community, pins }) => [`${level} ${community}`, pins]));
  return found.filter(({ level, above, pins }) => {
    const aboveIt = pinsOf.get(`${level + 1} ${above}`);
    return aboveIt === undefined || pins < repeatShare * aboveIt;
  });
}

/** Of too many, those with the most saves; a parent has more than each of its children, so it stays. */
function largestOf(found: readonly Counted[], max: number): Counted[] {
  const bySaves = (a: Counted, b: Counted): number =>
    b.saves - a.saves || b.level - a.level || a.community - b.community;
  return found
    .toSorted(bySaves)
    .slice(0, max)
    .toSorted((a, b) => b.level - a.level || bySaves(a, b));
}

function topPinsOf(
  graph: PinBoardGraph,
  pins: Int32Array,
  kept: readonly Counted[],
  placeOf: ReadonlyMap<number, number>,
  size: number,
  topPinsMax: number,
): number[][] {
  const levels = 1 + kept.reduce((max, { level }) => Math.max(max, level), 0);
  const pinCount = nodeCount(graph.pinToBoard);
  const tops = kept.map(() => new TopPins(topPinsMax));
  for (let pin = 0; pin < pinCount; pin++) {
    const saves = degreeOf(graph.pinToBoard, pin);
    if (saves === 0) continue;
    for (let level = 0; level < levels; level++) {
      const place = placeOf.get(level * size + pins[level * pinCount + pin]!);
      if (place !== undefined && tops[place]!.wouldKeep(pin, saves)) tops[place]!.offer(pin, saves);
    }
  }
  return tops.map((top) => top.drain().map(({ pin }) => pin));
}

function lastOf(communities: Int32Array): number {
  return communities.reduce((max, community) => Math.max(max, community), -1);
}
