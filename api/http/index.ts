export {
  type Reply,
  type Route,
  type RouteRequest,
  type Scope,
  defineRoute,
  registerRoutes,
} from './route.ts';
export { type ListenOptions, isLoopback, listen, stop } from './server.ts';
export { noParameters, validate } from './validate.ts';
