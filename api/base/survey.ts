import { Problem, type RequestFault } from './problems.ts';

/**
 * Limits of any part of a request, checked before its schema. Schemas look at every name and element before
 * they count them: 100,000 names of one object took them two seconds.
 */
const requestBounds = {
  /** An attribute may have 32 levels, in an object of a list. */
  levels: 40,
  /** Names of one object. */
  names: 1_000,
  /** Characters of a name. */
  nameLength: 200,
  /** Elements of one list. */
  elements: 10_000,
  /** Names and elements together. */
  values: 200_000,
} as const;

interface Survey {
  /** Names and elements together. */
  readonly values: number;
  /** Paths of keys `__proto__`, which zod's records skip: no part of a request may be ignored. */
  readonly prototypeKeys: readonly (readonly PropertyKey[])[];
}

/**
 * Looks at a part of a request once, before its schema does. Throws `invalid-request` when it is beyond
 * {@link requestBounds}.
 */
export function survey(input: unknown): Survey {
  const prototypeKeys: PropertyKey[][] = [];
  const path: PropertyKey[] = [];
  let values = 0;
  const refuse = (detail: string): never => {
    throw beyondBounds(path, detail);
  };
  const look = (value: object): void => {
    const names = Array.isArray(value) ? undefined : Object.keys(value);
    const count = names?.length ?? (value as unknown[]).length;
    if (path.length >= requestBounds.levels) refuse(`has over ${requestBounds.levels} levels`);
    if (names === undefined && count > requestBounds.elements) {
      refuse(`has over ${requestBounds.elements} elements`);
    }
    if (names !== undefined && count > requestBounds.names) refuse(`has over ${requestBounds.names} names`);
    values += count;
    if (values > requestBounds.values) {
      path.length = 0;
      refuse(`has over ${requestBounds.values} names and elements`);
    }
    for (let i = 0; i < count; i++) {
      const name = names?.[i] ?? i;
      if (typeof name === 'string') {
        if (name.length > requestBounds.nameLength) {
          refuse(`has a name of over ${requestBounds.nameLength} characters`);
        }
        if (name === '__proto__') prototypeKeys.push([...path, name]);
      }
      const inner: unknown = (value as Record<PropertyKey, unknown>)[name];
      if (typeof inner !== 'object' || inner === null) continue;
      path.push(name);
      look(inner);
      path.pop();
    }
  };
  if (typeof input === 'object' && input !== null) look(input);
  return { values, prototypeKeys };
}

function beyondBounds(path: readonly PropertyKey[], detail: string): Problem {
  const fault: RequestFault = { pointer: pointerTo(path), code: 'too-big', detail };
  return new Problem('invalid-request', `${fault.pointer || 'the body'}: ${detail}`, [fault]);
}

/** A JSON Pointer (RFC 6901). */
export function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
