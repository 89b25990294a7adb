import { type RandomStream, nextBelow, nextUnit } from '../../../engine/index.ts';

/** Pins of a world: each has a topic; some are popular with everybody and have none. */
export interface World {
  /** By pin; -1 for none. */
  readonly topics: readonly number[];
  readonly topicCount: number;
  /** Lines of CSV: user, board, pin. */
  readonly saves: readonly string[];
}

const [topicCount, pinsPerTopic, popularCount, boardCount, pinsPerBoard] = [30, 60, 40, 4_000, 14];
/** Shares of a board: popular pins, and pins of other topics. */
const [popularShare, strayShare] = [0.3, 0.15];

export function createWorld(stream: RandomStream): World {
  const topics = [
    ...Array.from({ length: topicCount * pinsPerTopic }, (_, i) => i % topicCount),
    ...Array<number>(popularCount).fill(-1),
  ];
  const ofTopic = (topic: number): number => topic + topicCount * skewed(stream, pinsPerTopic);
  const saves: string[] = [];
  for (let board = 0; board < boardCount; board++) {
    const topic = nextBelow(stream, topicCount);
    const pins = new Set<number>();
    while (pins.size < pinsPerBoard) {
      const draw = nextUnit(stream);
      if (draw < popularShare) pins.add(topicCount * pinsPerTopic + nextBelow(stream, popularCount));
      else if (draw < popularShare + strayShare) pins.add(ofTopic(nextBelow(stream, topicCount)));
      else pins.add(ofTopic(topic));
    }
    for (const pin of pins) saves.push(`u${board % 1_000},b${board},p${pin}`);
  }
  return { topics, topicCount, saves };
}

/** Below `limit`, small numbers more often. */
function skewed(stream: RandomStream, limit: number): number {
  return Math.floor(limit * nextUnit(stream) ** 2);
}

/** How people act on a list: they look at rank r with probability 1 / r^0.6, and like pins of the topic that they came for. */
export function actsOn(
  { topics }: World,
  topic: number,
  items: readonly { readonly rank: number; readonly pin: string }[],
  stream: RandomStream,
): { readonly kind: 'click' | 'hide'; readonly pin: string }[] {
  return items.flatMap(({ rank, pin }) => {
    const isSeen = nextUnit(stream) < rank ** -0.6;
    const isLiked = topics[Number(pin.slice(1))] === topic;
    const [click, hide] = isLiked ? [0.3, 0.001] : [0.15, 0.01];
    const draw = nextUnit(stream);
    if (!isSeen || draw >= click + hide) return [];
    return [{ kind: draw < click ? ('click' as const) : ('hide' as const), pin }];
  });
}
