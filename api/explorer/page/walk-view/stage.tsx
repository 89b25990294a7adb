import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { IconButton } from '../controls/index.ts';
import { counted } from '../format/index.ts';
import { type WalkResponse, titleOf } from '../rest/index.ts';
import { type Communities, largestCommunities } from './communities.ts';
import type { Drawing } from './drawing.ts';
import { Legend } from './legend.tsx';
import { PickedNode } from './picked-node.tsx';

/** The drawing of a walk. Its code is loaded when it is first needed. */
export function Stage({
  walk,
  query,
  selected,
  communities,
  onCommunities,
  onSelect,
}: {
  walk: WalkResponse | undefined;
  /** What the walk starts from, for the time until it is there. */
  query: string;
  /** The index of the item whose paths are highlighted; -1 for none. */
  selected: number;
  communities: Communities | undefined;
  onCommunities: (communities: Communities | undefined) => void;
  /** Called with the index of an item that is clicked in the drawing; -1 when the selection ends. */
  onSelect: (index: number) => void;
}): JSX.Element {
  const canvas = useRef<HTMLDivElement>(null);
  const [drawing, setDrawing] = useState<Drawing>();
  const [isSettled, setSettled] = useState(false);
  const [fault, setFault] = useState<string>();
  const [picked, setPicked] = useState<number>();
  const select = useRef(onSelect);
  select.current = onSelect;

  useEffect(() => {
    onCommunities(undefined);
    setDrawing(undefined);
    setPicked(undefined);
    setSettled(false);
    if (walk === undefined || canvas.current === null) return undefined;
    const container = canvas.current;
    let drawn: Drawing | undefined;
    let isWanted = true;
    const draw = async (): Promise<void> => {
      try {
        const { Drawing: Drawer } = await import('./drawing.ts');
        if (!isWanted) return;
        drawn = new Drawer(container, walk, {
          onPick: (node) => {
            const item = node === undefined ? -1 : walk.items.findIndex((each) => each.node === node);
            setPicked(item < 0 ? node : undefined);
            select.current(item);
          },
          onCommunities: (found) => {
            const largest = largestCommunities(walk, found);
            drawn?.color(largest.ofNode);
            onCommunities(largest);
          },
          onSettled: () => setSettled(true),
        });
        setFault(undefined);
        setDrawing(drawn);
      } catch {
        if (isWanted) setFault('WebGL is not available in this browser. The table below has every node.');
      }
    };
    void draw();
    return () => {
      isWanted = false;
      drawn?.end();
    };
  }, [walk]);

  const item = walk?.items[selected];
  useEffect(() => {
    if (drawing === undefined) return;
    if (picked !== undefined) drawing.lightNode(picked);
    else drawing.lightPaths(item?.ways);
  }, [drawing, item, picked]);

  const size =
    walk === undefined ? '' : `${counted(walk.nodes.length, 'node')}, ${counted(walk.edges.length, 'save')}`;
  return (
    <section class="stage" aria-label="Drawing" data-state={isSettled ? 'settled' : 'moving'}>
      <div
        ref={canvas}
        class="stage-canvas"
        role="img"
        aria-label={`The most visited part of the graph: ${size}. The table below has the same nodes.`}
      />
      {query && drawing === undefined && fault === undefined && (
        <p class="stage-fault" role="status">
          {walk === undefined ? `Walking from ${query} …` : `Drawing ${size} …`}
        </p>
      )}
      {fault !== undefined && (
        <p class="stage-fault" role="status">
          {fault}
        </p>
      )}
      {drawing !== undefined && (
        <div class="stage-tools" role="group" aria-label="Zoom">
          <IconButton icon="plus" label="Zoom in" onClick={() => drawing.zoom('in')} />
          <IconButton icon="minus" label="Zoom out" onClick={() => drawing.zoom('out')} />
          <IconButton icon="whole" label="Show all" onClick={() => drawing.zoom('whole')} />
        </div>
      )}
      {walk !== undefined && picked !== undefined ? (
        <PickedNode node={walk.nodes[picked]!} onClose={() => setPicked(undefined)} />
      ) : (
        item !== undefined && (
          <p class="stage-note">
            Paths to <strong>{titleOf(item)}</strong>
          </p>
        )
      )}
      <Legend communities={communities} />
    </section>
  );
}
