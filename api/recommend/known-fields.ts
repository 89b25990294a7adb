import type { Store } from '../../graph-data/index.ts';
import { type RequestFault, invalidRequest, meantBy, pointerTo } from '../base/index.ts';
import type { Filter } from '../contract/index.ts';
import { compileFilter } from './compile-filter.ts';

const namesShown = 20;
const nothing = { key: '', attributes: {} };

/**
 * Throws `invalid-filter` for conditions on a field that no pin has, such as a mistyped name. Conditions
 * that a pin without the field meets (`not`, `exists: false`) pass: an application may set the field later.
 */
export function assertFieldsKnown(filter: Filter, store: Store): void {
  const { names, areAll } = store.pinFields();
  if (!areAll) return;
  const known = new Set(names);
  const unknown = Object.entries(filter).flatMap(([field, condition]) => {
    return known.has(field) || compileFilter({ [field]: condition })(nothing) ? [] : [field];
  });
  if (unknown.length > 0) throw invalidRequest(unknown.map((field) => faultOf(field, names)));
}

/** The same for one field, at a path of the request. */
export function assertFieldKnown(at: readonly string[], field: string, store: Store): void {
  const { names, areAll } = store.pinFields();
  if (areAll && !names.includes(field)) throw invalidRequest([faultOf(field, names, at)]);
}

function faultOf(
  field: string,
  names: readonly string[],
  at: readonly string[] = ['filter', field],
): RequestFault {
  const meant = meantBy(field, names);
  const shown = names.slice(0, namesShown).join(', ');
  const all = names.length > namesShown ? `${shown} and ${names.length - namesShown} more` : shown;
  const hint = meant === undefined ? `pins have ${all}` : `did you mean ${JSON.stringify(meant)}?`;
  return {
    pointer: pointerTo(at),
    code: 'unknown-field',
    detail: `no pin has a field ${JSON.stringify(field)}; ${hint}`,
  };
}
