import { z } from 'zod';
import { type LinearBuildParams, linearBuildParams } from '../../engine/index.ts';
import { paramSchema } from './param-schema.ts';

/** How item weights are computed (docs/linear.md); omitted parameters have their defaults. */
export const linearParamsSchema: z.ZodType<Partial<LinearBuildParams>> = z
  .strictObject(
    Object.fromEntries(
      Object.entries(linearBuildParams).map(([name, spec]) => [
        name,
        paramSchema(spec)
          .optional()
          .describe(`${spec.about}. Default: ${String(spec.default)}.`),
      ]),
    ),
  )
  .meta({ id: 'LinearParams' });
