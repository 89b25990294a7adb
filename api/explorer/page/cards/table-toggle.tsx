import type { JSX } from 'preact';
import { useExplorer } from '../context/index.ts';
import { Segments } from '../controls/index.ts';

/** Whether this view shows ranked pins as a table. */
export function useIsTable(): boolean {
  const { address } = useExplorer();
  return (address.view === 'node' || address.view === 'compose') && address.isTable === true;
}

/** Switches between the list and the table of ranked pins; the URL remembers the choice. */
export function TableToggle({ list }: { list: string }): JSX.Element | null {
  const { address, go } = useExplorer();
  const isTable = useIsTable();
  if (address.view !== 'node' && address.view !== 'compose') return null;
  return (
    <Segments
      label="Show as"
      options={[
        ['list', list],
        ['table', 'Table'],
      ]}
      value={isTable ? 'table' : 'list'}
      onChange={(as) => go({ ...address, isTable: as === 'table' }, 'replace')}
    />
  );
}
