import { z } from 'zod';
import { problemTypes } from '../problems.ts';

/** Schemas of answers: what the OpenAPI document says, and what the contract test holds the server to. */

const reason = z
  .strictObject({
    via: z.array(z.strictObject({ pin: z.string(), board: z.string(), paths: z.int() })),
    bridge: z
      .strictObject({ queryPin: z.string(), queryBoard: z.string(), pin: z.string(), board: z.string() })
      .optional(),
    text: z.string(),
  })
  .meta({ id: 'Reason' });

const item = z
  .strictObject({
    rank: z.int().min(1),
    pin: z.string().optional(),
    board: z.string().optional(),
    user: z.string().optional(),
    score: z.number(),
    visits: z.int().optional(),
    reason: reason.optional(),
    fields: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'RecommendedItem' });

export const recommendationAnswer: z.ZodType = z
  .strictObject({
    recommendationId: z.string(),
    graphVersion: z.string(),
    algorithm: z.strictObject({
      name: z.string(),
      preset: z.string().optional(),
      params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
    }),
    randomSeed: z.int(),
    items: z.array(item),
    stats: z.looseObject({
      candidates: z.int(),
      widened: z.boolean(),
      intraListDiversity: z.number(),
      meanPopularity: z.number(),
      walkMs: z.number(),
      queueMs: z.number(),
    }),
    missing: z.array(z.string()),
    fallback: z.literal('cold-start').nullable(),
  })
  .meta({ id: 'RecommendationAnswer' });

export const problemBody: z.ZodType = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(problemTypes)),
    detail: z.string(),
    instance: z.string(),
    requestId: z.string(),
    errors: z.array(z.strictObject({ pointer: z.string(), code: z.string(), detail: z.string() })),
  })
  .meta({ id: 'Problem' });

export const batchAnswer: z.ZodType = z
  .strictObject({
    answers: z.array(
      z.union([
        z.strictObject({ status: z.literal(200), answer: recommendationAnswer }),
        z.strictObject({ status: z.int(), problem: problemBody }),
      ]),
    ),
  })
  .meta({ id: 'BatchAnswer' });

const snapshotEntry = z
  .strictObject({
    version: z.string(),
    bytes: z.int(),
    builtAt: z.iso.datetime(),
    active: z.boolean(),
    served: z.boolean(),
  })
  .meta({ id: 'Snapshot' });

export const snapshotList: z.ZodType = z
  .strictObject({ snapshots: z.array(snapshotEntry) })
  .meta({ id: 'SnapshotList' });

export const activationAnswer: z.ZodType = z
  .strictObject({
    version: z.string(),
    previous: z.string().nullable(),
    overlap: z.number().min(0).max(1).nullable(),
    swapMs: z.number(),
  })
  .meta({ id: 'ActivationAnswer' });

export const jobAnswer: z.ZodType = z
  .strictObject({
    id: z.string(),
    kind: z.string(),
    state: z.enum(['running', 'done', 'failed', 'cancelled']),
    phase: z.string().nullable(),
    done: z.number().nullable(),
    total: z.number().nullable(),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
    result: z.record(z.string(), z.unknown()).nullable(),
    problem: z.strictObject({ code: z.enum(Object.keys(problemTypes)), detail: z.string() }).nullable(),
  })
  .meta({ id: 'Job' });

export const jobList: z.ZodType = z.strictObject({ jobs: z.array(jobAnswer) }).meta({ id: 'JobList' });
