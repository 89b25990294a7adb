import { isUtf8 } from 'node:buffer';
import express, { type RequestHandler } from 'express';
import { Problem, type Turns } from '../base/index.ts';
import { contextOf } from './context.ts';
import { freeNow, isLarge } from './request-bytes.ts';

/**
 * Middleware that reads and parses JSON bodies, large ones in turns: many may arrive at once, and each holds the event loop
 * for milliseconds. It refuses bytes that are no text: replaced, two ids would become one.
 */
export function parseJsonBodies(bytesMax: number, turns: Turns): RequestHandler[] {
  const parseBody: RequestHandler = async (request, response, next) => {
    const bytes: unknown = request.body;
    contextOf(response).counted?.dropChunks();
    if (isLarge(response)) await turns.next();
    if (Buffer.isBuffer(bytes)) {
      try {
        request.body = parse(bytes, request.headers['content-type'] ?? '');
      } finally {
        freeNow(bytes);
      }
    }
    next();
  };
  return [express.raw({ type: 'application/json', limit: bytesMax }), parseBody];
}

function parse(bytes: Buffer, type: string): unknown {
  const text = decode(bytes, /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(type)?.[1]?.toLowerCase() ?? 'utf-8');
  // An empty body is one whose fields are all left out.
  if (text === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Problem('invalid-request', 'the body is not valid JSON');
  }
}

const byteOrderMark = 0xfeff;

function decode(bytes: Buffer, charset: string): string {
  if (charset === 'utf-8' || charset === 'utf8') {
    if (!isUtf8(bytes)) throw new Problem('invalid-request', 'the body is not valid UTF-8');
    // A TextDecoder takes twice as long.
    const text = bytes.toString();
    return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text;
  }
  if (!/^utf-16(le|be)?$/.test(charset)) {
    throw new Problem('unsupported-media-type', `unsupported charset ${JSON.stringify(charset)}: send UTF-8`);
  }
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    throw new Problem('invalid-request', 'the body is not valid UTF-16');
  }
}
