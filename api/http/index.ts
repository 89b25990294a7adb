export { awaitPosition } from './await-position.ts';
export { type RequestContext, contextOf } from './context.ts';
export { RequestBytes, freeNow } from './request-bytes.ts';
export {
  type BodyOf,
  type Reply,
  type Route,
  type RouteRequest,
  alreadySent,
  defineRoute,
  registerRoutes,
} from './route.ts';
export type { InFlight } from './in-flight.ts';
export { routePatterns } from './route-patterns.ts';
export { sendToWriter } from './send-to-writer.ts';
export { sendParts } from './send-parts.ts';
export { type ListenOptions, drain, listen } from './server.ts';
export { withEscapedKey } from './unescaped-key.ts';
export { requireValidAddress } from './valid-address.ts';
