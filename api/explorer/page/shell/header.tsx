import type { JSX } from 'preact';
import { type Address, noSettings } from '../address/index.ts';
import { Link, useExplorer } from '../context/index.ts';
import { SearchBox } from './search-box.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

export function Header({ onKey }: { onKey: () => void }): JSX.Element {
  const { address } = useExplorer();
  return (
    <header class="header">
      <Link to={{ view: 'start' }} class="brand" aria-label="pinwalk, start">
        <Mark />
        <span class="brand-name">pinwalk</span>
      </Link>
      <SearchBox />
      <nav class="nav" aria-label="Views">
        {tabsFor(address).map(({ name, to }) => (
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
        <button type="button" class="icon-button" aria-label="API key" title="API key" onClick={onKey}>
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <circle cx="7" cy="13" r="3.5" />
            <path d="m9.5 10.5 7-7m-3 3 2.5 2.5" />
          </svg>
        </button>
        <ThemeSwitch />
      </div>
    </header>
  );
}

/** What is looked at goes along: a pin's page leads to composing with that pin. */
function tabsFor(address: Address): { name: string; to: Address }[] {
  const composition =
    'composition' in address
      ? address.composition
      : {
          query: address.view === 'thing' ? [{ ...address.thing, weight: 1 }] : [],
          settings: noSettings,
        };
  return [
    { name: 'Compose', to: { view: 'compose', composition } },
    { name: 'Walk', to: { view: 'walk', composition } },
    { name: 'Operate', to: { view: 'operators' } },
  ];
}

function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M4.5 18 12 6l7.5 12" />
      <circle cx="4.5" cy="18" r="3" />
      <circle cx="19.5" cy="18" r="3" />
      <circle cx="12" cy="6" r="3" class="mark-pin" />
    </svg>
  );
}
