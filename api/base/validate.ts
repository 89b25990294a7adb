import { z } from 'zod';
import { meantBy } from '../../engine/base/index.ts';
import { plainMessage } from './plain-message.ts';
import { Problem, type RequestFault } from './problems.ts';
import { pointerTo, survey } from './survey.ts';

/** For routes without parameters, where an unknown one is a fault too. */
export const noParameters: z.ZodType<Record<string, never>> = z.strictObject({});

/** Faults listed in one problem: a large body may have as many as it has bytes. */
const faultsMax = 100;
/**
 * Inputs with more names and elements stop at their first fault. A fault takes some microseconds of the event loop, and
 * 200,000 of them took two seconds.
 */
const allFaultsMax = 2_000;
/** Filters are a small language: a request that is invalid only there gets a problem code of its own. */
const inFilter = /^(?:\/requests\/\d+)?\/filter(?:\/|$)/;

/**
 * The parsed value. Throws `invalid-request` (or `invalid-filter`) with all faults, up to 100, each with its pointer; for
 * a large input, with the first one.
 */
export function validate<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const { values, prototypeKeys } = survey(input);
  const known: KnownNames = new Map();
  const context: z.core.ParseContextInternal<z.core.$ZodIssue> = {
    abortEarly: values > allFaultsMax,
    error: (issue) => {
      const { code, inst } = issue;
      if (code === 'unrecognized_keys' && inst instanceof z.ZodObject) known.set(issue.keys, inst.shape);
      return plainMessage(issue);
    },
  };
  const result = schema.safeParse(input, context);
  if (result.success && prototypeKeys.length === 0) return result.data;
  const found = result.success ? [] : firstFaults(result.error.issues, known);
  const pointers = new Set(found.map(({ pointer }) => pointer));
  const others = prototypeKeys
    .map((path) => unknownParameter(path, '__proto__'))
    .filter(({ pointer }) => !pointers.has(pointer));
  throw invalidRequest([...found, ...others].slice(0, faultsMax));
}

/**
 * As {@link validate}, but parses only the fields that the input has: a query string has few of some 50. The
 * other fields get their defaults, which are computed once. Schemas with a required field, and schemas of
 * anything but a plain object, are parsed completely.
 */
export function validator<Output>(schema: z.ZodType<Output>): (input: unknown) => Output {
  const whole = (input: unknown): Output => validate(schema, input);
  if (!(schema instanceof z.ZodObject) || (schema.def.checks ?? []).length > 0) return whole;
  const empty = schema.safeParse({});
  if (!empty.success) return whole;
  const defaults = empty.data as Readonly<Record<string, unknown>>;
  const fields = Object.entries<z.ZodType>(schema.shape);
  return (given) => {
    const input = given as Readonly<Record<string, unknown>>;
    const output: Record<string, unknown> = {};
    let left = Object.keys(input).length;
    // In the order of the schema, as zod does it: equal requests in another order stay equal.
    for (const [name, field] of fields) {
      if (!Object.hasOwn(input, name)) {
        if (name in defaults) output[name] = defaults[name];
        continue;
      }
      left--;
      const parsed = field.safeParse(input[name]);
      if (!parsed.success) return whole(input);
      output[name] = parsed.data;
    }
    // A name that the schema does not have: with all faults.
    return left === 0 ? (output as Output) : whole(input);
  };
}

/** The fields of the object that has unknown ones, by the list of these. */
type KnownNames = Map<readonly string[], Readonly<Record<string, unknown>>>;

function firstFaults(issues: readonly z.core.$ZodIssue[], known: KnownNames): RequestFault[] {
  const faults: RequestFault[] = [];
  for (const issue of issues) {
    if (faults.length >= faultsMax) break;
    faults.push(...faultsOf(issue, known));
  }
  return faults;
}

/** `invalid-request` with these faults, or `invalid-filter` if they are all in filters. */
export function invalidRequest(errors: readonly RequestFault[]): Problem {
  const shown = errors.slice(0, 5).map((error) => `${error.pointer || 'the body'}: ${error.detail}`);
  const detail = shown.join('; ') + (errors.length > shown.length ? '; and more' : '');
  const isFilter = errors.every(({ pointer }) => inFilter.test(pointer));
  return new Problem(isFilter ? 'invalid-filter' : 'invalid-request', detail, errors);
}

function faultsOf(issue: z.core.$ZodIssue, known: KnownNames): RequestFault[] {
  const code = issue.code.replaceAll('_', '-');
  if (issue.code === 'unrecognized_keys') {
    // A schema's own message states the allowed values; zod's repeats the names.
    const allowed = issue.message.startsWith('Unrecognized key') ? undefined : `: ${issue.message}`;
    const names = Object.keys(known.get(issue.keys) ?? {});
    return issue.keys
      .slice(0, faultsMax)
      .map((name) => unknownParameter([...issue.path, name], name, allowed ?? hintOf(name, names)));
  }
  if (issue.code === 'invalid_union') {
    // The intended form is the one whose outermost type is right.
    const intended = issue.errors.filter((issues) => !issues.some(isOfTheWhole));
    if (intended.length === 1) {
      return intended[0]!.flatMap((inner) =>
        faultsOf({ ...inner, path: [...issue.path, ...inner.path] }, known),
      );
    }
  }
  const own = issue.code === 'custom' ? (issue.params?.['code'] as string | undefined) : undefined;
  return [{ pointer: pointerTo(issue.path), code: own ?? code, detail: issue.message }];
}

function isOfTheWhole({ code, path }: z.core.$ZodIssue): boolean {
  return code === 'invalid_type' && path.length === 0;
}

function hintOf(name: string, names: readonly string[]): string {
  const meant = meantBy(name, names);
  return meant === undefined ? '' : `; did you mean ${JSON.stringify(meant)}?`;
}

function unknownParameter(path: readonly PropertyKey[], name: string, remedy = ''): RequestFault {
  const pointer = pointerTo(path);
  const kind = inFilter.test(pointer) ? 'operator' : 'parameter';
  return {
    pointer,
    code: 'unknown-parameter',
    detail: `there is no ${kind} ${JSON.stringify(name)}${remedy}`,
  };
}
