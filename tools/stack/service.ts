import type { RunningProcess } from './process.ts';

/** One service of the stack. `start` after `stop` continues with the same data and address. */
export interface Service {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A service made of processes started in order; they stop in reverse order. */
export function processService(
  name: string,
  startProcesses: (keep: (process: RunningProcess) => void) => Promise<void>,
): Service {
  const running: RunningProcess[] = [];
  const stop = async () => {
    for (let process = running.pop(); process; process = running.pop()) await process.stop();
  };
  return {
    name,
    stop,
    start: async () => {
      try {
        await startProcesses((process) => running.push(process));
      } catch (error) {
        await stop();
        throw error;
      }
    },
  };
}
