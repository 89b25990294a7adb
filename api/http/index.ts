export {
  type BodyOf,
  type Reply,
  type RequestContext,
  type Route,
  type RouteRequest,
  type Scope,
  alreadySent,
  contextOf,
  defineRoute,
  registerRoutes,
} from './route.ts';
export { InFlight } from './in-flight.ts';
export { type ListenOptions, type Listening, drain, listen } from './server.ts';
