import { z } from 'zod';
import { Problem, type RequestFault } from '../problems.ts';

/** Routes without parameters: an unknown one is a fault there too. */
export const noParameters: z.ZodType<Record<string, never>> = z.strictObject({});

/** Faults that one problem lists at most: a large body can have as many as it has bytes. */
const faultsMax = 100;

/** The value, or an `invalid-request` problem with every fault at once (up to 100), each with its pointer. */
export function validate<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap(faultsOf).slice(0, faultsMax);
  const told = errors.slice(0, 5).map((error) => `${error.pointer || 'the body'}: ${error.detail}`);
  const detail = told.join('; ') + (errors.length > told.length ? '; and more' : '');
  throw new Problem('invalid-request', detail, errors);
}

function faultsOf(issue: z.core.$ZodIssue): RequestFault[] {
  const code = issue.code.replaceAll('_', '-');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => ({
      pointer: pointerTo([...issue.path, name]),
      code: 'unknown-parameter',
      detail: `there is no parameter ${JSON.stringify(name)}`,
    }));
  }
  const own = issue.code === 'custom' ? (issue.params?.['code'] as string | undefined) : undefined;
  return [{ pointer: pointerTo(issue.path), code: own ?? code, detail: issue.message }];
}

function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
