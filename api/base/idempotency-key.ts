import { z } from 'zod';

/** The header `Idempotency-Key`. */
export const idempotencyKeySchema: z.ZodString = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[!-~]*$/);
