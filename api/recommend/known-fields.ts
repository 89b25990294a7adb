import { meantBy } from '../../engine/base/index.ts';
import { type Store, pinColumns } from '../../graph-data/database/index.ts';
import { type RequestFault, invalidRequest, pointerTo } from '../base/index.ts';
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

/** Throws `invalid-request` for a field that no pin has, at a path of the request. */
export function assertFieldKnown(at: readonly string[], field: string, store: Store): void {
  const { names, areAll } = store.pinFields();
  if (areAll && !names.includes(field)) throw invalidRequest([faultOf(field, names, at)]);
}

/**
 * Throws `invalid-request` for fields to return that no pin has and whose names resemble one that pins have. Others pass,
 * without a value: an application may set them later. Names of columns, the most frequent ones, need no look at the database.
 */
export function assertNotMistyped(fields: readonly string[], store: Store): void {
  if (fields.every((field) => pinColumns.includes(field))) return;
  const { names, areAll } = store.pinFields();
  if (!areAll) return;
  const faults = fields.flatMap((field, i) => {
    const isSound = names.includes(field) || meantBy(field, names) === undefined;
    return isSound ? [] : [faultOf(field, names, ['fields', `${i}`])];
  });
  if (faults.length > 0) throw invalidRequest(faults);
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
