import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { IconButton } from '../controls/index.ts';

/** Switches between light and dark; until then the system decides. theme.ts applies the choice before the first paint. */
export function ThemeSwitch(): JSX.Element {
  const [theme, setTheme] = useState(() => {
    const { theme: chosen } = document.documentElement.dataset;
    return chosen ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  });
  const next = theme === 'dark' ? 'light' : 'dark';
  return (
    <IconButton
      icon={theme === 'dark' ? 'sun' : 'moon'}
      label={`Use ${next} colours`}
      onClick={() => {
        document.documentElement.dataset['theme'] = next;
        localStorage.setItem('pinwalk.theme', next);
        setTheme(next);
      }}
    />
  );
}
