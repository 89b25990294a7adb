import type { JSX } from 'preact';
import { ThingSearch } from '../search/index.ts';
import { useExplorer } from '../context/index.ts';

/** The search of the header: leads to what is chosen. The key / goes there from anywhere. */
export function SearchBox(): JSX.Element {
  const { client, version, go } = useExplorer();
  return (
    <div class="header-search" role="search">
      <ThingSearch
        id="search"
        label="Search pins, boards and users"
        placeholder="Search pins, boards, users"
        shortcut="/"
        client={client}
        version={version}
        onPick={(thing) => go({ view: 'thing', thing, trail: [] })}
      />
    </div>
  );
}
