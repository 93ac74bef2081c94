import { isNode } from '../node/builtin.js';
import { putByNode } from './put-by-node.js';
import { putByFetch } from './put-by-fetch.js';
import { putByXhr } from './put-by-xhr.js';
import type { Put } from './put.js';

/** XMLHttpRequest where there is one, since `fetch` tells nothing of an upload's progress; streams of Node; else `fetch`. */
export function transport(): Put {
  if (typeof globalThis.XMLHttpRequest === 'function') return putByXhr;
  return isNode() ? putByNode : putByFetch;
}
