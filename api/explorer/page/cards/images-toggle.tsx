import type { JSX } from 'preact';
import { useExplorer } from '../context/index.ts';

/** Switches images of other hosts on and off, where there are such images. */
export function ImagesToggle({ hasImages }: { hasImages: boolean }): JSX.Element | null {
  const { showsImages, setShowsImages } = useExplorer();
  if (!hasImages) return null;
  return (
    <button
      type="button"
      class="button"
      aria-pressed={showsImages}
      title="Images come from other hosts, which can then see what you view"
      onClick={() => setShowsImages(!showsImages)}
    >
      {showsImages ? 'Hide images' : 'Show images'}
    </button>
  );
}
