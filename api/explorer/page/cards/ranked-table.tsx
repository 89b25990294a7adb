import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Address, NodeRef } from '../address/index.ts';
import { NodeLink } from '../context/index.ts';
import { formatCount } from '../format/index.ts';
import { type RecommendedItem, nodeOf } from '../rest/index.ts';
import { type Column, columnsOf, sortedBy } from './table-columns.ts';

/** Ranked pins as a dense table with their figures. Headers sort; arrows move from row to row. */
export function RankedTable({
  label,
  items,
  isStale,
  linkTo,
  actions,
}: {
  label: string;
  items: readonly RecommendedItem[];
  isStale: boolean;
  linkTo: (node: NodeRef) => Address;
  actions?: ((node: NodeRef) => ComponentChildren) | undefined;
}): JSX.Element {
  const [sort, setSort] = useState<{ readonly name: string; readonly isUp: boolean }>();
  const columns = columnsOf(items);
  const by = columns.find(({ name }) => name === sort?.name);
  const rows = sortedBy(items, by, sort?.isUp === true);
  const onSort = ({ name, isBestSmall = false }: Column): void => {
    const isAgain = sort?.name === name;
    setSort({ name, isUp: isAgain ? !sort.isUp : isBestSmall });
  };
  return (
    <div class="table-frame" aria-busy={isStale}>
      <table class="table ranked-table" aria-label={label} onKeyDown={moveFocus}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.name}
                scope="col"
                class={column.isText === true ? '' : 'is-number'}
                aria-sort={column === by ? (sort?.isUp === true ? 'ascending' : 'descending') : 'none'}
              >
                <button type="button" title={column.about} onClick={() => onSort(column)}>
                  {column.name}
                </button>
              </th>
            ))}
            {actions !== undefined && (
              <th scope="col" class="is-action">
                <span class="visually-hidden">Save</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((item) => {
            const node = nodeOf(item);
            return (
              <tr key={node.key}>
                {columns.map((column) =>
                  column.name === 'Pin' ? (
                    <th key="Pin" scope="row">
                      <NodeLink node={node} to={linkTo(node)} />
                    </th>
                  ) : (
                    <td key={column.name} class={column.isText === true ? '' : 'is-number'}>
                      <Cell item={item} column={column} />
                    </td>
                  ),
                )}
                {actions !== undefined && <td class="is-action">{actions(node)}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ item, column }: { item: RecommendedItem; column: Column }): JSX.Element {
  const value = column.value(item);
  if (value === undefined) return <span class="quiet">–</span>;
  if (typeof value === 'string') return <span title={value}>{value}</span>;
  const isBound = column.isBound?.(item) === true;
  return (
    <span title={isBound ? 'at least' : undefined}>
      {isBound && '≥\u2009'}
      {column.format?.(value) ?? formatCount(value)}
    </span>
  );
}

/** Up and down move the focus by a row, Home and End to the first and the last. */
function moveFocus(event: KeyboardEvent): void {
  const table = event.currentTarget as HTMLElement;
  const links = [...table.querySelectorAll<HTMLElement>('tbody .node-link')];
  const row = (event.target as HTMLElement).closest('tr');
  const at = links.findIndex((link) => row?.contains(link) === true);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: links.length - 1,
  };
  const next = steps[event.key];
  if (next === undefined || links[next] === undefined) return;
  event.preventDefault();
  links[next].focus();
}
