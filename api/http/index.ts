export {
  type Reply,
  type Route,
  type RouteRequest,
  type Scope,
  defineRoute,
  registerRoutes,
} from './route.ts';
export { createIds } from './ids.ts';
export { type ListenOptions, listen, stop } from './server.ts';
export { noParameters, validate } from './validate.ts';
