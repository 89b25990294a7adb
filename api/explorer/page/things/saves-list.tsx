import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Address, ThingName } from '../address/index.ts';
import { Trouble } from '../cards/index.ts';
import { Link, useExplorer } from '../context/index.ts';
import { type PinSavesResponse, type RestClient, type UserSavesResponse, useAnswer } from '../rest/index.ts';
import { useTitle } from '../titles/index.ts';
import { counted } from './counted.ts';

/** A save in the list of a pin, a board or a user: each leaves its own key out. */
type Save = Pick<PinSave, 'savedAt' | 'weight'> & Partial<PinSave & UserSavesResponse['saves'][number]>;
type PinSave = PinSavesResponse['saves'][number];
type SavesPage = Pick<PinSavesResponse, 'nextCursor'> & { readonly saves: readonly Save[] };

const pageSize = 12;
/** Saves of a user come board by board: to list boards, more of them have to be looked at. */
const groupedPageSize = 1_000;

export interface SavesListProps {
  readonly heading: string;
  /** Of the thing whose saves these are. */
  readonly path: string;
  readonly empty: string;
  /** What a save is listed as. */
  readonly thingOf: (save: Save) => ThingName;
  readonly linkTo: (thing: ThingName) => Address;
  readonly actions?: (save: Save) => ComponentChildren;
  /** Whether saves with the same thing are one line, with their number. */
  readonly isGrouped?: boolean;
}

/** The saves of a pin, a board or a user, page by page. */
export function SavesList(props: SavesListProps): JSX.Element {
  const { heading, path, empty, thingOf, linkTo, actions, isGrouped = false } = props;
  const { client, version } = useExplorer();
  const [pages, setPages] = useState(1);
  const asking = useAnswer(
    async (signal) => readPages(client, path, pages, isGrouped ? groupedPageSize : pageSize, signal),
    [path, pages, isGrouped, version],
  );
  const { answer, problem, isStale } = asking;
  const saves = answer?.saves ?? [];
  const counts = new Map<string, number>();
  for (const save of saves) counts.set(thingOf(save).key, (counts.get(thingOf(save).key) ?? 0) + 1);
  const lines = isGrouped
    ? [...counts.keys()].map((key) => saves.find((save) => thingOf(save).key === key)!)
    : saves;
  const shown = isGrouped ? lines.slice(0, pages * pageSize) : lines;
  const hasMore = shown.length < lines.length || answer?.nextCursor !== null;
  const isEmpty = answer !== undefined && lines.length === 0;
  return (
    <aside class="saves" aria-label={heading}>
      <h2>{heading}</h2>
      <Trouble asking={asking} />
      {isEmpty && <p class="quiet">{empty}</p>}
      <ul class="lines" aria-busy={isStale && problem === undefined}>
        {answer === undefined &&
          problem === undefined &&
          Array.from({ length: pageSize }, (_, i) => <li key={i} class="line skeleton" />)}
        {shown.map((save) => {
          const thing = thingOf(save);
          return (
            <Line
              key={thing.key}
              thing={thing}
              linkTo={linkTo}
              detail={isGrouped ? counted(counts.get(thing.key) ?? 0, 'pin') : dayOf(save)}
              actions={actions?.(save)}
            />
          );
        })}
      </ul>
      {answer !== undefined && hasMore && (
        <button type="button" class="button" disabled={isStale} onClick={() => setPages(pages + 1)}>
          More
        </button>
      )}
    </aside>
  );
}

function Line({
  thing,
  linkTo,
  detail,
  actions,
}: {
  thing: ThingName;
  linkTo: SavesListProps['linkTo'];
  detail: string;
  actions: ComponentChildren;
}): JSX.Element {
  const { titles } = useExplorer();
  const title = useTitle(titles, thing);
  return (
    <li class="line">
      <Link to={linkTo(thing)} class="line-link" title={title}>
        {title}
      </Link>
      <span class="quiet small number">{detail}</span>
      {actions}
    </li>
  );
}

/** The first pages together: so a list is whole again after something was saved. */
async function readPages(
  client: RestClient,
  path: string,
  pages: number,
  size: number,
  signal: AbortSignal,
): Promise<SavesPage> {
  const saves: Save[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < pages; page++) {
    const parameters = new URLSearchParams({ limit: String(size), ...(cursor !== null && { cursor }) });
    const next: SavesPage = await client.get(`${path}/saves?${parameters.toString()}`, signal);
    saves.push(...next.saves);
    cursor = next.nextCursor;
    if (cursor === null) break;
  }
  return { saves, nextCursor: cursor };
}

function dayOf({ savedAt }: Save): string {
  return savedAt === null ? '' : savedAt.slice(0, 10);
}
