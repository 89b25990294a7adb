import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Communities, largestCommunities } from './communities.ts';
import type { Drawing } from './drawing.ts';
import { Legend } from './legend.tsx';
import { PickedNode } from './picked-node.tsx';
import type { WalkResponse } from '../rest/index.ts';
import { counted, nameOfItem } from './walk.ts';

export interface StageProps {
  readonly walk: WalkResponse | undefined;
  /** The item to which the ways are lit; -1 for none. */
  readonly place: number;
  readonly communities: Communities | undefined;
  readonly onCommunities: (communities: Communities | undefined) => void;
  /** An item was chosen in the drawing; -1: none any more. */
  readonly onItem: (place: number) => void;
}

/** Where the walk is drawn. The code that draws is loaded when it is first needed. */
export function Stage({ walk, place, communities, onCommunities, onItem }: StageProps): JSX.Element {
  const canvas = useRef<HTMLDivElement>(null);
  const [drawing, setDrawing] = useState<Drawing>();
  const [isSettled, setSettled] = useState(false);
  const [fault, setFault] = useState<string>();
  const [picked, setPicked] = useState<number>();
  const chooseItem = useRef(onItem);
  chooseItem.current = onItem;

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
            const item = walk.items.findIndex((each) => each.node === node);
            setPicked(item < 0 ? node : undefined);
            chooseItem.current(node === undefined ? -1 : item);
          },
          onCommunities: (found) => {
            const largest = largestCommunities(walk, found);
            drawn?.color(largest.places);
            onCommunities(largest);
          },
          onSettled: () => setSettled(true),
        });
        setFault(undefined);
        setDrawing(drawn);
      } catch {
        if (isWanted)
          setFault('This browser cannot draw it (WebGL is missing or off): the list below has it all.');
      }
    };
    void draw();
    return () => {
      isWanted = false;
      drawn?.end();
    };
  }, [walk]);

  const item = walk?.items[place];
  useEffect(() => {
    if (drawing === undefined) return;
    if (picked !== undefined) drawing.lightNode(picked);
    else drawing.light(item && drawing.litWays(item.ways));
  }, [drawing, item, picked]);

  const told =
    walk === undefined ? '' : `${counted(walk.nodes.length, 'node')}, ${counted(walk.edges.length, 'save')}`;
  return (
    <section class="stage" aria-label="Drawing" data-state={isSettled ? 'settled' : 'moving'}>
      <div
        ref={canvas}
        class="stage-canvas"
        role="img"
        aria-label={`Where the walk was most: ${told}. The table below has the same.`}
      />
      {fault !== undefined && (
        <p class="stage-fault" role="status">
          {fault}
        </p>
      )}
      {drawing !== undefined && (
        <div class="stage-tools" role="group" aria-label="Zoom">
          <Tool name="Zoom in" path="M10 5v10M5 10h10" onClick={() => drawing.zoom('in')} />
          <Tool name="Zoom out" path="M5 10h10" onClick={() => drawing.zoom('out')} />
          <Tool
            name="Show all"
            path="M4 8V4h4m4 0h4v4m0 4v4h-4m-4 0H4v-4"
            onClick={() => drawing.zoom('whole')}
          />
        </div>
      )}
      {walk !== undefined && picked !== undefined ? (
        <PickedNode node={walk.nodes[picked]!} onClose={() => setPicked(undefined)} />
      ) : (
        item !== undefined && (
          <p class="stage-note">
            Ways to <strong>{nameOfItem(item)}</strong>
          </p>
        )
      )}
      <Legend communities={communities} />
    </section>
  );
}

function Tool({ name, path, onClick }: { name: string; path: string; onClick: () => void }): JSX.Element {
  return (
    <button type="button" class="icon-button" aria-label={name} title={name} onClick={onClick}>
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <path d={path} />
      </svg>
    </button>
  );
}
