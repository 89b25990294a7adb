import type { ComponentChildren, JSX } from 'preact';
import { noSettings } from '../address/index.ts';
import { Tile, isOwn, safeImageUrl, ImagesOffer } from '../cards/index.ts';
import type { ThingName } from '../address/index.ts';
import { Link } from '../context/index.ts';

/** What a thing is called, what is known of it, and what can be done with it. */
export function ThingHead({
  thing,
  title,
  imageUrl,
  facts,
  attributes = {},
  children,
  actions,
}: {
  thing: ThingName;
  title: string;
  imageUrl?: string | null | undefined;
  /** A line under the title. */
  facts: ComponentChildren;
  attributes?: Readonly<Record<string, unknown>>;
  children?: ComponentChildren;
  actions?: ComponentChildren;
}): JSX.Element {
  const composition = { query: [{ ...thing, weight: 1 }], settings: noSettings };
  const url = safeImageUrl(imageUrl);
  return (
    <header class="thing-head">
      <Tile name={title} imageUrl={imageUrl} class="large" />
      <div class="thing-about">
        <p class="kind">{thing.kind}</p>
        <h1>{title}</h1>
        {title !== thing.key && <p class="quiet small mono">{thing.key}</p>}
        <p class="facts">{facts}</p>
        {children}
        <Attributes attributes={attributes} />
        <div class="row">
          {actions}
          <Link to={{ view: 'compose', composition }} class="button">
            Compose with it
          </Link>
          <Link to={{ view: 'walk', composition }} class="button">
            Draw the walk
          </Link>
          <ImagesOffer hasImages={url !== undefined && !isOwn(url)} />
        </div>
      </div>
    </header>
  );
}

const valuesMax = 24;

function Attributes({ attributes }: { attributes: Readonly<Record<string, unknown>> }): JSX.Element | null {
  const entries = Object.entries(attributes).filter(([, value]) => value !== null && value !== '');
  if (entries.length === 0) return null;
  return (
    <dl class="attributes">
      {entries.slice(0, valuesMax).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{Array.isArray(value) ? <Chips values={value} /> : told(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Chips({ values }: { values: readonly unknown[] }): JSX.Element {
  return (
    <ul class="chips">
      {values.slice(0, valuesMax).map((value, i) => (
        <li key={i} class="chip">
          {told(value)}
        </li>
      ))}
    </ul>
  );
}

function told(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
