import { type Source, linksOf } from './sources.ts';

/** Files that import each other in a circle: each strongly connected component (Tarjan, 1972) of two files or more. */
export function cyclesOf(sources: readonly Source[], kind: 'run time' | 'types too'): string[][] {
  const targets = new Map(
    sources.map((source) => [
      source.file,
      linksOf(source)
        .filter(({ isType }) => kind === 'types too' || !isType)
        .map(({ target }) => target),
    ]),
  );
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const cycles: string[][] = [];
  const visit = (file: string): number => {
    const place = order.size;
    order.set(file, place);
    lowest.set(file, place);
    stack.push(file);
    for (const target of targets.get(file)!) {
      if (!targets.has(target)) continue;
      if (!order.has(target)) visit(target);
      if (stack.includes(target)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(target)!));
    }
    if (lowest.get(file) === place) {
      const component = stack.splice(stack.indexOf(file));
      if (component.length > 1) cycles.push(component.toSorted());
    }
    return place;
  };
  for (const file of targets.keys()) if (!order.has(file)) visit(file);
  return cycles;
}
