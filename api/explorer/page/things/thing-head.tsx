import type { ComponentChildren, JSX } from 'preact';
import { noSettings, type ThingName } from '../address/index.ts';
import { Tile, isOwn, safeImageUrl, ImagesOffer } from '../cards/index.ts';
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
        <Attributes thing={thing} attributes={attributes} />
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

function Attributes({
  thing,
  attributes,
}: {
  thing: ThingName;
  attributes: Readonly<Record<string, unknown>>;
}): JSX.Element | null {
  const entries = Object.entries(attributes).filter(([, value]) => value !== null && value !== '');
  if (entries.length === 0) return null;
  return (
    <dl class="attributes">
      {entries.slice(0, valuesMax).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{Array.isArray(value) ? <Chips thing={thing} field={name} values={value} /> : told(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Values of a list; each leads to what goes with this and has it too. */
function Chips({
  thing,
  field,
  values,
}: {
  thing: ThingName;
  field: string;
  values: readonly unknown[];
}): JSX.Element {
  const query = [{ ...thing, weight: 1 }];
  return (
    <ul class="chips">
      {values.slice(0, valuesMax).map((value, i) => {
        const settings = { ...noSettings, filter: { [field]: value } };
        return (
          <li key={i}>
            {isScalar(value) ? (
              <Link
                to={{ view: 'compose', composition: { query, settings } }}
                class="chip"
                title={`What goes with it, of ${field} ${told(value)}`}
              >
                {told(value)}
              </Link>
            ) : (
              <span class="chip">{told(value)}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function told(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
