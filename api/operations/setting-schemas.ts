import { z } from 'zod';

/** The setting of the work of keys of a scope. */
export function workMax(scope: string): z.ZodOptional<z.ZodInt> {
  return z
    .int()
    .min(0)
    .max(1e15)
    .optional()
    .describe(
      `units of work per minute for each key of scope ${scope}; 0 for no limit; not set: 2000000000 for each key`,
    );
}

/** A URL of these protocols, without a password, which belongs into the environment. */
export function url(protocols: string): z.ZodString {
  const allowed = new Set(protocols.split(' or ').map((each) => `${each}:`));
  return z
    .string()
    .max(2_048)
    .refine((text) => {
      if (!URL.canParse(text)) return false;
      const parsed = new URL(text);
      return allowed.has(parsed.protocol) && parsed.password === '';
    })
    .meta({ allowed: `${protocols} URL without a password` });
}

/** `*`, or a list of origins as browsers send them: scheme, host and port, without a path. */
export function areOrigins(text: string): boolean {
  if (text === '*') return true;
  return text.split(',').every((each) => {
    return URL.canParse(each) && new URL(each).origin === each.trim() && !each.includes('*');
  });
}
