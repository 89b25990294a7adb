import type { z } from 'zod';

/**
 * The fault of a value in words that follow its pointer: "/limit: must be at most 1000". For faults to which a schema gives no
 * message of its own; undefined where zod's has to do.
 */
export function plainMessage(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : mustBe[issue.expected];
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      if (issue.minimum === 1 && issue.origin !== 'number' && issue.exact !== true) return 'must not be empty';
      return limited(issue.origin, issue.exact ? 'exactly' : issue.inclusive ? 'at least' : 'above', issue.minimum); // prettier-ignore
    case 'too_big':
      return limited(issue.origin, issue.exact ? 'exactly' : issue.inclusive ? 'at most' : 'below', issue.maximum); // prettier-ignore
    default:
      return undefined;
  }
}

const mustBe: Readonly<Record<string, string>> = {
  array: 'must be a list',
  boolean: 'must be true or false',
  int: 'must be a whole number',
  number: 'must be a number',
  object: 'must be an object',
  record: 'must be an object',
  string: 'must be a string',
};
const units: Readonly<Record<string, string>> = { array: ' elements', string: ' characters' };

function limited(origin: string, bound: string, limit: number | bigint): string {
  const unit = units[origin];
  return unit === undefined ? `must be ${bound} ${limit}` : `must have ${bound} ${limit}${unit}`;
}
