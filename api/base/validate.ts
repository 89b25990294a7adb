import { z } from 'zod';
import { Problem, type RequestFault } from './problems.ts';

/** For routes without parameters, where an unknown one is a fault too. */
export const noParameters: z.ZodType<Record<string, never>> = z.strictObject({});

/** Faults listed in one problem: a large body may have as many as it has bytes. */
const faultsMax = 100;
/** Filters are a small language: a request that is invalid only there gets a problem code of its own. */
const inFilter = /^(?:\/requests\/\d+)?\/filter(?:\/|$)/;
/** Deeper than any schema reaches. */
const depthMax = 20;

/** The parsed value. Throws `invalid-request` (or `invalid-filter`) with all faults, up to 100, each with its pointer. */
export function validate<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const result = schema.safeParse(input);
  const ignored = prototypeKeys(input);
  if (result.success && ignored.length === 0) return result.data;
  const found = result.success ? [] : result.error.issues.flatMap(faultsOf);
  const pointers = new Set(found.map(({ pointer }) => pointer));
  const errors = [...found, ...ignored.filter(({ pointer }) => !pointers.has(pointer))].slice(0, faultsMax);
  throw invalidRequest(errors);
}

/** `invalid-request` with these faults, or `invalid-filter` if they are all in filters. */
export function invalidRequest(errors: readonly RequestFault[]): Problem {
  const shown = errors.slice(0, 5).map((error) => `${error.pointer || 'the body'}: ${error.detail}`);
  const detail = shown.join('; ') + (errors.length > shown.length ? '; and more' : '');
  const isFilter = errors.every(({ pointer }) => inFilter.test(pointer));
  return new Problem(isFilter ? 'invalid-filter' : 'invalid-request', detail, errors);
}

function faultsOf(issue: z.core.$ZodIssue): RequestFault[] {
  const code = issue.code.replaceAll('_', '-');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => unknownParameter([...issue.path, name], name));
  }
  if (issue.code === 'invalid_union') {
    // The intended form is the one whose outermost type is right.
    const intended = issue.errors.filter((issues) => !issues.some(isOfTheWhole));
    if (intended.length === 1) {
      return intended[0]!.flatMap((inner) => faultsOf({ ...inner, path: [...issue.path, ...inner.path] }));
    }
  }
  const own = issue.code === 'custom' ? (issue.params?.['code'] as string | undefined) : undefined;
  return [{ pointer: pointerTo(issue.path), code: own ?? code, detail: issue.message }];
}

/** Finds keys `__proto__`, which zod's records skip silently: no part of a request may be ignored. */
function prototypeKeys(input: unknown): RequestFault[] {
  const faults: RequestFault[] = [];
  const path: PropertyKey[] = [];
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || path.length > depthMax) return;
    for (const name of Object.keys(value)) {
      if (faults.length === faultsMax) return;
      path.push(name);
      if (name === '__proto__') faults.push(unknownParameter(path, name));
      look((value as Record<string, unknown>)[name]);
      path.pop();
    }
  };
  look(input);
  return faults;
}

function isOfTheWhole({ code, path }: z.core.$ZodIssue): boolean {
  return code === 'invalid_type' && path.length === 0;
}

function unknownParameter(path: readonly PropertyKey[], name: string): RequestFault {
  return {
    pointer: pointerTo(path),
    code: 'unknown-parameter',
    detail: `there is no parameter ${JSON.stringify(name)}`,
  };
}

/** A JSON Pointer (RFC 6901). */
export function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
