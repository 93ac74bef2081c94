export {
  currentContext,
  currentMeta,
  identify,
  runInContext,
  startContext,
  type RequestContext,
  type RequestMeta,
} from './context/request-context.js';
export { continueTrace, traceIdOf } from './context/trace-parent.js';
