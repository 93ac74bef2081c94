export { ClamdProcess } from './clamd-process.js';
export { EICAR } from './eicar.js';
export { eventually } from './eventually.js';
export { FaultProxy, type Direction, type Fault } from './fault-proxy.js';
export { buildTar, tarHeader } from './tar-builder.js';
export { virusScannerConformance, type ScannerUnderTest } from './virus-scanner.conformance.js';
export { buildZip, type ZipMember, type ZipOptions } from './zip-builder.js';
