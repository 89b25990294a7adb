import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Address, ThingName } from '../address/index.ts';
import { useExplorer } from '../context/index.ts';
import { BoardView } from './board-view.tsx';
import { PinView } from './pin-view.tsx';
import { Trail } from './trail.tsx';
import { UserView } from './user-view.tsx';

export interface ThingProps {
  readonly thing: ThingName;
  /** Where a step from here leads, the trail going on. */
  readonly linkTo: (next: ThingName) => Address;
}

/** A pin's, a board's or a user's page. */
export function ThingView({ thing, trail }: { thing: ThingName; trail: readonly ThingName[] }): JSX.Element {
  const { titles } = useExplorer();
  useEffect(() => {
    const tell = async (): Promise<void> => {
      document.title = `${await titles.find(thing)} · pinwalk`;
    };
    void tell();
  }, [thing.kind, thing.key]);
  const linkTo = (next: ThingName): Address => ({
    view: 'thing',
    thing: next,
    trail: [...trail.filter((step) => !isSame(step, next)), thing],
  });
  const View = { pin: PinView, board: BoardView, user: UserView }[thing.kind];
  return (
    <>
      <Trail trail={trail} thing={thing} />
      <View thing={thing} linkTo={linkTo} />
    </>
  );
}

function isSame(a: ThingName, b: ThingName): boolean {
  return a.kind === b.kind && a.key === b.key;
}
