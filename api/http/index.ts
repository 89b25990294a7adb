export {
  type BodyOf,
  type Reply,
  type RequestContext,
  type Route,
  type RouteRequest,
  alreadySent,
  contextOf,
  defineRoute,
  registerRoutes,
} from './route.ts';
export { type ListenOptions, drain, listen } from './server.ts';
export { requireValidAddress } from './valid-address.ts';
