import type { JSX } from 'preact';
import { Fragment } from 'preact';
import { type NodeRef, compositionOf, noSettings } from '../address/index.ts';
import { Link } from '../context/index.ts';

const valuesMax = 24;

/** Attributes that the application stores about a node besides the named fields. */
export function Attributes({
  node,
  attributes,
}: {
  node: NodeRef;
  attributes: Readonly<Record<string, unknown>>;
}): JSX.Element | null {
  const entries = Object.entries(attributes).filter(([, value]) => value !== null && value !== '');
  if (entries.length === 0) return null;
  return (
    <dl class="attributes">
      {entries.slice(0, valuesMax).map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{Array.isArray(value) ? <Chips node={node} field={name} values={value} /> : textOf(value)}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** The values of a list. Each links to recommendations that have it too. */
function Chips({
  node,
  field,
  values,
}: {
  node: NodeRef;
  field: string;
  values: readonly unknown[];
}): JSX.Element {
  return (
    <ul class="chips">
      {values.slice(0, valuesMax).map((value, i) => {
        const composition = {
          ...compositionOf([node]),
          settings: { ...noSettings, filter: { [field]: value } },
        };
        return (
          <li key={i}>
            {isScalar(value) ? (
              <Link
                to={{ view: 'compose', composition }}
                class="chip"
                title={`Recommendations with ${field} ${textOf(value)}`}
              >
                {textOf(value)}
              </Link>
            ) : (
              <span class="chip">{textOf(value)}</span>
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

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
