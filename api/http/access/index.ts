export { allowOrigins, originsOf } from './cors.ts';
export { createGuard } from './guard.ts';
export { protectiveHeaders } from './headers.ts';
export { isLoopback } from './loopback.ts';
