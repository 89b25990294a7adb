import { z } from 'zod';
import type { ParamSpec } from '../../engine/base/index.ts';
import { type ContentBuildParams, contentBuildParams } from '../../engine/content/index.ts';
import { type LinearBuildParams, linearBuildParams } from '../../engine/linear/index.ts';
import { paramSchema } from './param-schema.ts';

/** How item weights are computed (docs/linear.md); omitted parameters have their defaults. */
export const linearParamsSchema: z.ZodType<Partial<LinearBuildParams>> = schemaOf(
  linearBuildParams,
  'LinearParams',
);

/** How texts of pins are compared (docs/content.md); omitted parameters have their defaults. */
export const contentParamsSchema: z.ZodType<Partial<ContentBuildParams>> = schemaOf(
  contentBuildParams,
  'ContentParams',
);

function schemaOf(specs: Readonly<Record<string, ParamSpec>>, id: string): z.ZodObject {
  const fields = Object.entries(specs).map(([name, spec]) => [
    name,
    paramSchema(spec)
      .optional()
      .describe(`${spec.about}. Default: ${String(spec.default)}.`),
  ]);
  return z.strictObject(Object.fromEntries(fields) as z.ZodRawShape).meta({ id });
}
