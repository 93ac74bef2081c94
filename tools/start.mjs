import { bootstrap } from './bootstrap.mjs';

await bootstrap('tools/stack/start.ts');
