/**
 * What the tags of ranked pins say of who they are for: by tag, the share of the pins' scores that is on pins with it, 0 to 1.
 * Where the pins are those of a walk from what a person saved, these included, the tags of what they will save are found better
 * than by counting the tags of what they saved (docs/interests.md). Pins without tags, and scores that are not above 0, do not count.
 * O(pins · tags each).
 */
export function tagWeights<Tag>(
  pins: readonly { readonly pin: number; readonly score: number }[],
  tagsOf: (pin: number) => readonly Tag[],
): Map<Tag, number> {
  const sums = new Map<Tag, number>();
  let total = 0;
  for (const { pin, score } of pins) {
    const tags = new Set(score > 0 ? tagsOf(pin) : []);
    if (tags.size > 0) total += score;
    for (const tag of tags) sums.set(tag, (sums.get(tag) ?? 0) + score);
  }
  for (const [tag, sum] of sums) sums.set(tag, sum / total);
  return sums;
}
