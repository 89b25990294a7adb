import { hash } from 'node:crypto';
import { z } from 'zod';
import { DataError, messageOf } from '../errors.ts';

/**
 * The model file, format 1. All integers little-endian.
 *
 *   0   magic "PINMODEL"
 *   8   uint32 format version
 *   12  uint32 length of the header in bytes
 *   16  SHA-256 of the header
 *   48  header: JSON (features, rows, quality, calibration, sections with type, length, SHA-256)
 *   …   sections, each at a multiple of 8, zeros in the gaps
 *
 * The version of a model is the start of the header's SHA-256. The header has the hash of every section, no time and no machine:
 * equal rows and seed give equal bytes.
 */
const magic = Buffer.from('PINMODEL');
const formatVersion = 1;
const fixedBytes = 48;
const alignment = 8;

const arrays = { Float64Array, Int32Array, Uint8Array, Uint32Array } as const;
type ArrayName = keyof typeof arrays;
export type Section = InstanceType<(typeof arrays)[ArrayName]>;

const figure = z.strictObject({ value: z.number(), low: z.number(), high: z.number() });

const headerSchema = z.strictObject({
  /** Of pinwalk. */
  codeVersion: z.string(),
  label: z.string(),
  learner: z.enum(['ftrl', 'trees']),
  /** Whether it goes on learning where it serves; only for logistic regression. Older files do not. */
  online: z.boolean().optional(),
  windowHours: z.number(),
  /** Of hours and weekdays. */
  zone: z.string(),
  randomSeed: z.int(),
  features: z.array(z.looseObject({ kind: z.string() })),
  fields: z.strictObject({
    entities: z.array(z.string()),
    numbers: z.array(z.string()),
    labels: z.array(z.string()),
  }),
  /** Keys of the channels (surfaces) of the calibration, by their numbers. */
  channels: z.array(z.string().nullable()),
  calibration: z.strictObject({
    all: z.tuple([z.number(), z.number()]),
    channels: z.array(z.tuple([z.int(), z.number(), z.number()])),
  }),
  rows: z.strictObject({
    /** Impressions that were trained on, used for calibration, and judged, which come last. */
    train: z.int(),
    calibrate: z.int(),
    judged: z.int(),
    positives: z.int(),
    from: z.string(),
    to: z.string(),
  }),
  quality: z
    .strictObject({
      auc: figure,
      normalizedEntropy: figure,
      groupedAuc: figure.nullable(),
      ratio: figure,
      calibrationError: z.number(),
      calibrationNoise: z.number(),
    })
    .nullable(),
  slotBits: z.int(),
  sections: z.record(
    z.string(),
    z.strictObject({
      type: z.enum(['Float64Array', 'Int32Array', 'Uint8Array', 'Uint32Array']),
      length: z.int().min(0),
      sha256: z.string(),
    }),
  ),
});

export type ModelHeader = z.infer<typeof headerSchema>;

/** A model as in its file. */
export interface ModelFile {
  readonly version: string;
  readonly header: ModelHeader;
  readonly sections: Readonly<Record<string, Section>>;
}

/** The bytes of a model, and its version. */
export function encodeModel(
  header: Omit<ModelHeader, 'sections'>,
  sections: Readonly<Record<string, Section>>,
): { readonly version: string; readonly bytes: Buffer } {
  const described = Object.fromEntries(
    Object.entries(sections).map(([name, section]) => {
      const type = section.constructor.name as ArrayName;
      return [name, { type, length: section.length, sha256: hash('sha256', bytesOf(section), 'hex') }];
    }),
  );
  const json = Buffer.from(JSON.stringify({ ...header, sections: described }));
  const fixed = Buffer.alloc(fixedBytes);
  magic.copy(fixed);
  fixed.writeUInt32LE(formatVersion, 8);
  fixed.writeUInt32LE(json.length, 12);
  hash('sha256', json, 'buffer').copy(fixed, 16);
  const parts: Uint8Array[] = [fixed, json];
  let length = fixedBytes + json.length;
  for (const section of Object.values(sections)) {
    const gap = -length & (alignment - 1);
    parts.push(Buffer.alloc(gap), bytesOf(section));
    length += gap + section.byteLength;
  }
  return { version: hash('sha256', json, 'hex').slice(0, 16), bytes: Buffer.concat(parts) };
}

/** Reads and verifies every byte. Throws `model-damaged`. */
export function decodeModel(name: string, bytes: Buffer, version: string): ModelFile {
  const header = decodeHeader(name, bytes, version);
  const sections: Record<string, Section> = {};
  let at = fixedBytes + bytes.readUInt32LE(12);
  for (const [section, { type, length, sha256 }] of Object.entries(header.sections)) {
    const gap = -at & (alignment - 1);
    if (bytes.subarray(at, at + gap).some((byte) => byte !== 0)) throw damaged(name, 'a gap is not empty');
    at += gap;
    const size = length * arrays[type].BYTES_PER_ELEMENT;
    const content = bytes.subarray(at, at + size);
    if (content.length !== size || hash('sha256', content, 'hex') !== sha256) throw damaged(name, `${section} is not as it was written`); // prettier-ignore
    sections[section] = new arrays[type](Uint8Array.from(content).buffer);
    at += size;
  }
  if (at !== bytes.length) throw damaged(name, 'there are bytes after its end');
  return { version, header, sections };
}

/** Reads the header from the first bytes of a model, and verifies these. Throws `model-damaged`. */
export function decodeHeader(name: string, bytes: Buffer, version: string): ModelHeader {
  if (bytes.length < fixedBytes || !bytes.subarray(0, 8).equals(magic)) throw damaged(name, 'it is no model');
  const format = bytes.readUInt32LE(8);
  if (format !== formatVersion) throw damaged(name, `it has format ${format}, and this pinwalk reads ${formatVersion}`); // prettier-ignore
  const headerEnd = fixedBytes + bytes.readUInt32LE(12);
  const json = bytes.subarray(fixedBytes, headerEnd);
  const sum = hash('sha256', json, 'hex');
  if (headerEnd > bytes.length || sum !== bytes.toString('hex', 16, fixedBytes)) throw damaged(name, 'its header is not as it was written'); // prettier-ignore
  if (sum.slice(0, 16) !== version) throw damaged(name, 'it is another model than its name says');
  try {
    return headerSchema.parse(JSON.parse(json.toString()));
  } catch (cause) {
    throw damaged(name, messageOf(cause), cause);
  }
}

function damaged(name: string, fault: string, cause?: unknown): DataError {
  const remedy = 'delete it, and train again or activate another (pinwalk models)';
  return new DataError('model-damaged', `${name} is damaged: ${fault}; ${remedy}`, { cause });
}

function bytesOf(section: Section): Buffer {
  return Buffer.from(section.buffer, section.byteOffset, section.byteLength);
}
