import express, { type RequestHandler } from 'express';
import { type Turns, valueOfBody } from '../base/index.ts';
import { contextOf } from './context.ts';
import { freeNow, isLarge } from './request-bytes.ts';

/** A body that is to be parsed: see `valueOfBody`. */
export interface BodyBytes {
  readonly bytes: Buffer;
  readonly contentType: string;
}

/** Middleware that reads JSON bodies as bytes, for another thread to parse. */
export function readJsonBodies(bytesMax: number): RequestHandler[] {
  return [express.raw({ type: 'application/json', limit: bytesMax }), keepBytes];
}

const keepBytes: RequestHandler = (request, response, next) => {
  contextOf(response).counted?.dropChunks();
  const bytes: unknown = request.body;
  const body: BodyBytes = {
    bytes: Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0),
    contentType: request.headers['content-type'] ?? '',
  };
  request.body = body;
  next();
};

/**
 * Middleware that reads and parses JSON bodies, large ones in turns: many may arrive at once, and each holds the event loop
 * for milliseconds.
 */
export function parseJsonBodies(bytesMax: number, turns: Turns): RequestHandler[] {
  const parseBody: RequestHandler = async (request, response, next) => {
    const bytes: unknown = request.body;
    contextOf(response).counted?.dropChunks();
    if (isLarge(response)) await turns.next();
    if (Buffer.isBuffer(bytes)) {
      try {
        request.body = valueOfBody(bytes, request.headers['content-type'] ?? '');
      } finally {
        freeNow(bytes);
      }
    }
    next();
  };
  return [express.raw({ type: 'application/json', limit: bytesMax }), parseBody];
}
