import type { JSX } from 'preact';

const paths = {
  close: 'm6 6 8 8m0-8-8 8',
  key: 'M10.5 13a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0Zm-1-2.5 7-7m-3 3 2.5 2.5',
  minus: 'M5 10h10',
  moon: 'M16.5 11.8A7 7 0 0 1 8.2 3.5a7 7 0 1 0 8.3 8.3Z',
  plus: 'M10 4.5v11M4.5 10h11',
  reset: 'M5 9a5.5 5.5 0 1 1 1.2 4.5M5 4.5V9h4.5',
  sun: 'M13.5 10a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0ZM10 2v2m0 12v2M2 10h2m12 0h2M4.3 4.3l1.5 1.5m8.4 8.4 1.5 1.5m0-11.4-1.5 1.5m-8.4 8.4-1.5 1.5',
  whole: 'M4 8V4h4m4 0h4v4m0 4v4h-4m-4 0H4v-4',
} as const;

/** A button that shows an icon. `label` is its accessible name, and its tooltip without a shorter `title`. */
export function IconButton({
  icon,
  label,
  title = label,
  class: classes = '',
  isDisabled = false,
  isHidden = false,
  onClick,
}: {
  icon: keyof typeof paths;
  label: string;
  title?: string;
  class?: string;
  isDisabled?: boolean;
  isHidden?: boolean;
  onClick: () => void;
}): JSX.Element {
  return (
    <button
      type="button"
      class={`icon-button ${classes}`}
      aria-label={label}
      title={title}
      disabled={isDisabled}
      hidden={isHidden}
      onClick={onClick}
    >
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <path d={paths[icon]} />
      </svg>
    </button>
  );
}
