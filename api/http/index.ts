export {
  type Reply,
  type Route,
  type RouteRequest,
  type Scope,
  defineRoute,
  registerRoutes,
} from './route.ts';
export { createIds } from './ids.ts';
export { InFlight } from './in-flight.ts';
export { type Listening, drain, isLoopback, listen, stop } from './server.ts';
export { noParameters, validate } from './validate.ts';
