import { z } from 'zod';

const id = z.int().nonnegative();
const text = z.string().nullable();
const optionalText = text.optional();
const attributes = z.record(z.string(), z.unknown()).optional();
const common = { position: id, mark: z.string().optional() };
const node = { ...common, isNew: z.boolean(), attributes };

/** A line of `GET /v1/changes`. Further fields, of newer versions, are ignored. */
const lineSchema = z.discriminatedUnion('kind', [
  z.object({
    ...node,
    kind: z.literal('user'),
    user: text,
    hiddenInterests: z.array(z.string()).optional(),
    ids: z.object({ user: id }),
  }),
  z.object({
    ...node,
    kind: z.literal('board'),
    board: text,
    title: optionalText,
    ids: z.object({ board: id, user: id.nullable() }),
  }),
  z.object({
    ...node,
    kind: z.literal('pin'),
    pin: text,
    title: optionalText,
    text: optionalText,
    url: optionalText,
    imageUrl: optionalText,
    createdAt: optionalText,
    vectors: z.record(z.string(), z.object({ model: z.string(), int8: z.string() })).optional(),
    ids: z.object({ pin: id }),
  }),
  z.object({
    ...common,
    kind: z.literal('save'),
    savedAt: optionalText,
    weight: z.number().nullable().optional(),
    ids: z.object({ board: id, pin: id }),
  }),
  z.object({ ...common, kind: z.literal('save-gone'), pin: text, ids: z.object({ board: id, pin: id }) }),
  z.object({ ...common, kind: z.literal('pin-gone'), pin: text, ids: z.object({ pin: id }) }),
  z.object({ ...common, kind: z.literal('board-gone'), board: text, ids: z.object({ board: id }) }),
  z.object({ ...common, kind: z.literal('user-gone'), user: text, ids: z.object({ user: id }) }),
  z.object({
    ...common,
    kind: z.literal('key'),
    key: z.object({
      id: z.string(),
      name: text,
      scope: z.enum(['read', 'write', 'admin']),
      hash: z.string().regex(/^[0-9a-f]{64}$/),
      createdAt: z.int(),
      revokedAt: z.int().nullable(),
    }),
  }),
]);

export type ChangeLine = z.output<typeof lineSchema>;
export type NodeLine = Extract<ChangeLine, { readonly isNew: boolean }>;
export type PinLine = Extract<ChangeLine, { readonly kind: 'pin' }>;

/** The changes of a response. Throws an error for anything else, such as a change of a newer pinwalk. */
export function parseChanges(body: Uint8Array): ChangeLine[] {
  const lines = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString().split('\n');
  return lines.flatMap((line) => (line === '' ? [] : [lineSchema.parse(JSON.parse(line))]));
}
