import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** Lets the lines of a list glide to their new places after its order changes, so that the eye can follow. */
export function useGlide(order: unknown): RefObject<HTMLOListElement | null> {
  const list = useRef<HTMLOListElement>(null);
  const places = useRef(new Map<string, number>());
  useLayoutEffect(() => {
    const isReduced = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const lines = [...(list.current?.querySelectorAll<HTMLElement>('[data-key]') ?? [])];
    const next = new Map(lines.map((line) => [line.dataset['key'] ?? '', line.offsetTop]));
    const isFirst = places.current.size === 0;
    for (const line of isReduced || isFirst ? [] : lines) {
      const before = places.current.get(line.dataset['key'] ?? '');
      const moved = before === undefined ? undefined : before - line.offsetTop;
      if (moved === 0) continue;
      const from = moved === undefined ? { opacity: 0 } : { transform: `translateY(${moved}px)` };
      line.animate([from, {}], { duration: 220, easing: 'ease-out' });
    }
    places.current = next;
  }, [order]);
  return list;
}
