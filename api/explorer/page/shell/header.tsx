import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { type Address, compositionOf, nodeAddress } from '../address/index.ts';
import { Link, useExplorer } from '../context/index.ts';
import { IconButton } from '../controls/index.ts';
import { NodeSearch } from '../search/index.ts';
import { ThemeSwitch } from './theme-switch.tsx';

/** `onKey` is called when the visitor wants to enter an API key. */
export function Header({ onKey }: { onKey: () => void }): JSX.Element {
  const { address, go } = useExplorer();
  const nav = useRef<HTMLElement>(null);
  // On a phone the tabs scroll sideways, and the current one may lie beyond the edge.
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [address.view]);
  return (
    <header class="header">
      <Link to={{ view: 'start' }} class="brand" aria-label="pinwalk, start">
        <Logo />
        <span class="brand-name">pinwalk</span>
      </Link>
      <div class="header-search" role="search">
        <NodeSearch
          id="search"
          label="Search pins, boards and users"
          placeholder="Search pins, boards, users"
          shortcut="/"
          onPick={(node) => go(nodeAddress(node))}
          onAll={(q) => go({ view: 'search', search: { q } })}
        />
      </div>
      <nav ref={nav} class="nav" aria-label="Views">
        {tabsFor(address).map(([name, to]) => (
          <Link
            key={name}
            to={to}
            class="nav-link"
            {...(to.view === address.view && { 'aria-current': 'page' as const })}
          >
            {name}
          </Link>
        ))}
        <a class="nav-link" href="/docs">
          API
        </a>
      </nav>
      <div class="header-tools">
        <IconButton icon="key" label="API key" onClick={onKey} />
        <ThemeSwitch />
      </div>
    </header>
  );
}

/** The views by name. Compose and Walk keep the query, or take the node of the page as their query. */
function tabsFor(address: Address): (readonly [string, Address])[] {
  const composition =
    'composition' in address
      ? address.composition
      : compositionOf(address.view === 'node' ? [address.node] : []);
  return [
    ['Compose', { view: 'compose', composition }],
    ['Walk', { view: 'walk', composition }],
    ['Interests', { view: 'interests' }],
    ['Experiments', { view: 'experiments' }],
    ['Notifications', { view: 'notifications' }],
    ['Ads', { view: 'ads' }],
    ['Operate', { view: 'operators' }],
  ];
}

function Logo(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M4.5 18 12 6l7.5 12" />
      <circle cx="4.5" cy="18" r="3" />
      <circle cx="19.5" cy="18" r="3" />
      <circle cx="12" cy="6" r="3" class="mark-pin" />
    </svg>
  );
}
