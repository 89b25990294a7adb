export {
  type BodyOf,
  type Reply,
  type Route,
  type RouteRequest,
  type Scope,
  alreadySent,
  defineRoute,
  registerRoutes,
} from './route.ts';
export { InFlight } from './in-flight.ts';
export { type ListenOptions, type Listening, drain, listen } from './server.ts';
