import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

/** Light or dark, by the system until the visitor says otherwise. theme.ts reads it before the first paint. */
export function ThemeSwitch(): JSX.Element {
  const [theme, setTheme] = useState(() => {
    const { theme: chosen } = document.documentElement.dataset;
    return chosen ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  });
  const next = theme === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={`Use ${next} colours`}
      title={`Use ${next} colours`}
      onClick={() => {
        document.documentElement.dataset['theme'] = next;
        localStorage.setItem('pinwalk.theme', next);
        setTheme(next);
      }}
    >
      <svg viewBox="0 0 20 20" aria-hidden="true">
        {theme === 'dark' ? (
          <>
            <circle cx="10" cy="10" r="3.5" />
            <path d="M10 2v2m0 12v2M2 10h2m12 0h2M4.3 4.3l1.5 1.5m8.4 8.4 1.5 1.5m0-11.4-1.5 1.5m-8.4 8.4-1.5 1.5" />
          </>
        ) : (
          <path d="M16.5 11.8A7 7 0 0 1 8.2 3.5a7 7 0 1 0 8.3 8.3Z" />
        )}
      </svg>
    </button>
  );
}
