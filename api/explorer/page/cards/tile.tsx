import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useExplorer } from '../context/index.ts';

/**
 * The image of a node where it has one that may be loaded, otherwise its initials on a colour derived from its name.
 * Other hosts see which images are loaded from them, so those images wait until the visitor switches them on.
 */
export function Tile({
  name,
  imageUrl,
  class: size = '',
}: {
  name: string;
  imageUrl: unknown;
  class?: string;
}): JSX.Element {
  const { showsImages } = useExplorer();
  const [failed, setFailed] = useState<string>();
  const url = safeImageUrl(imageUrl);
  const isShown = url !== undefined && url !== failed && (showsImages || isOwn(url));
  const hue = hueOf(name);
  return (
    <span class={`tile ${size}`} style={{ '--hue': String(hue) }} aria-hidden="true">
      {isShown ? (
        <img src={url} alt="" loading="lazy" decoding="async" onError={() => setFailed(url)} />
      ) : (
        initialsOf(name)
      )}
    </span>
  );
}

/** The URL of an image, if the Content-Security-Policy of the page allows it. */
export function safeImageUrl(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  try {
    const { protocol, origin, href } = new URL(value, location.href);
    return protocol === 'https:' || protocol === 'data:' || origin === location.origin ? href : undefined;
  } catch {
    return undefined;
  }
}

/** Whether it is loaded without a request to another host. */
export function isOwn(url: string): boolean {
  return url.startsWith('data:') || url.startsWith(`${location.origin}/`);
}

function initialsOf(name: string): string {
  const [first = '', second = ''] = name.match(/\p{L}+/gu) ?? [name];
  const pattern = second === '' ? /^.{0,2}/u : /^./u;
  return (pattern.exec(first)?.[0] ?? '') + (/^./u.exec(second)?.[0] ?? '');
}

function hueOf(name: string): number {
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 31) + name.charCodeAt(i)) | 0;
  return (Math.imul(hash, 0x9e3779b1) >>> 0) % 360;
}
