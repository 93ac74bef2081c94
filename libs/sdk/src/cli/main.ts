import { run } from './run.js';

const interrupted = new AbortController();
const interrupt = () => interrupted.abort(new Error('interrupted'));
process.once('SIGINT', interrupt);
process.once('SIGTERM', interrupt);

process.exitCode = await run({
  args: process.argv.slice(2),
  // eslint-disable-next-line no-restricted-properties -- a program of its own, which libs/config is no part of
  environment: process.env,
  signal: interrupted.signal,
  terminal: (json) => ({
    json,
    isLive: process.stderr.isTTY,
    columns: process.stderr.columns,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  }),
});
