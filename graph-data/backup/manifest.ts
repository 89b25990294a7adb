import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { backupUnusable } from './container.ts';

/** Version of the format of backups with interactions, experiments, interests, models, notifications or campaigns; without, it is 1, which older versions read too. */
export const backupFormat = 2;

export const manifestName = 'manifest.json';

const count = z.int().nonnegative();

/** The first file of a backup: the list of its contents. */
const manifestSchema = z.strictObject({
  format: z.union([z.literal(1), z.literal(backupFormat)]),
  /** Version of the pinwalk that made the backup. */
  pinwalk: z.string(),
  createdAt: z.iso.datetime(),
  database: z.strictObject({
    id: z.string(),
    position: count,
    schemaVersion: count,
    counts: z.strictObject({ users: count, boards: count, pins: count, saves: count }),
  }),
  /** The active snapshot; null if there was no usable one. */
  snapshot: z.strictObject({ version: z.string(), format: count, position: count }).nullable(),
  files: z.array(
    z.strictObject({
      name: z
        .string()
        .regex(
          /^(pinwalk\.db|(presets|experiments|interests)\.json|(notifications|campaigns)\.db|models\/(active\.json|[0-9a-f]{16}\.model)|interactions\/\d{4}-\d\d\.db|snapshots\/[0-9a-f]{16}\.(snapshot|interests\.json))$/,
        ),
      bytes: count,
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** The fields that every format has, to name the version that reads it. */
const versionSchema = z.looseObject({ format: z.int(), pinwalk: z.string() });

/** Throws `backup-unusable` if the text is not a manifest, or one of a newer format. */
export function parseManifest(file: string, text: string): Manifest {
  try {
    const json: unknown = JSON.parse(text);
    const { format, pinwalk } = versionSchema.parse(json);
    if (format > backupFormat) {
      throw backupUnusable(
        file,
        `it has backup format ${format}, made by pinwalk ${pinwalk}, and this pinwalk reads up to ${backupFormat}: use that version`,
      );
    }
    return manifestSchema.parse(json);
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof z.ZodError) {
      throw backupUnusable(file, `its ${manifestName} is damaged (${messageOf(cause)})`);
    }
    throw cause;
  }
}
