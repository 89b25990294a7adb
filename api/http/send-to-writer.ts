import type { RequestHandler } from 'express';
import { Problem } from '../base/index.ts';
import { contextOf } from './context.ts';
import type { Route } from './route.ts';

/** On a replica of a writer: redirects calls that only the writer can answer. `writer`: its address. */
export function sendToWriter({ method, scope, needsWriter }: Route, writer: string): RequestHandler {
  const isOfWriter = needsWriter ?? (method !== 'get' && scope !== 'read' && scope !== 'open');
  return (request, response, next) => {
    const toWriter = (why: string): Problem => {
      const base = writer.replace(/\/$/, '');
      const detail = `${why}: send it to ${base}`;
      return new Problem('other-server', detail, [], { Location: `${base}${request.originalUrl}` });
    };
    contextOf(response).toWriter = toWriter;
    if (isOfWriter) throw toWriter('this server is a replica, which does not take this call');
    next();
  };
}
