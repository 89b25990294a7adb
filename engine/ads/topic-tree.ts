import { check } from '../base/index.ts';

/** Topics of the interest tree, and, below its leaves, communities of the graph if they are to be targets. */
export interface TopicTree {
  /** By topic: the one above, which has a smaller number; -1 for a root. */
  readonly parents: Int32Array;
  /** By pin: its finest topic; -1 for none. Pins beyond its end have none. */
  readonly ofPin: Int32Array;
}

/** Distinct topics, without topics below another one: their share is part of its own. */
export function withoutLower(topics: readonly number[], parents: Int32Array): number[] {
  const all = new Set(topics);
  return [...all].filter((topic) => {
    for (let at = parents[topic]!; at >= 0; at = parents[at]!) if (all.has(at)) return false;
    return true;
  });
}

/** Throws `invalid-parameter`. */
export function checkTree({ parents, ofPin }: TopicTree): void {
  check(parents.every((parent, topic) => parent >= -1 && parent < topic), 'parents', 'has a topic before the one above it'); // prettier-ignore
  check(ofPin.every((topic) => topic >= -1 && topic < parents.length), 'ofPin', 'names topics outside the tree'); // prettier-ignore
}
