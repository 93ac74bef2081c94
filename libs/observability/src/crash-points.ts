import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Names places between two writes, where a crash must heal by itself (F2) and where an attacker has his windows (S6).
 * Passing one does nothing unless a test has armed it. It lives beside the other things that watch a process: every app
 * imports this library, and the domain may touch neither processes nor files.
 */
export abstract class CrashPoints {
  abstract reach(name: string): Promise<void>;
}

class NoCrashPoints extends CrashPoints {
  override reach(): Promise<void> {
    return Promise.resolve();
  }
}

/** `kill`: the process dies at once, as by `kill -9`. Otherwise the directory of a barrier. */
type Action = 'kill' | { readonly barrier: string };

class ArmedCrashPoints extends CrashPoints {
  constructor(private readonly actions: ReadonlyMap<string, Action>) {
    super();
  }

  override async reach(name: string): Promise<void> {
    const action = this.actions.get(name);
    if (action === undefined) return;
    if (action === 'kill') {
      process.kill(process.pid, 'SIGKILL');
      // The signal is on its way: nothing after this point may run.
      return new Promise(() => undefined);
    }
    writeFileSync(join(action.barrier, `${name}.reached`), '');
    while (!existsSync(join(action.barrier, `${name}.go`))) await delay(10);
  }
}

/**
 * Reads `name=kill` and `name=pause:/directory`, separated by commas; nothing when absent. A pause creates
 * `<name>.reached` in the directory and waits until `<name>.go` is there.
 */
export function crashPointsFrom(armed: string | undefined): CrashPoints {
  if (armed === undefined) return new NoCrashPoints();
  const actions = armed.split(',').map((entry): [string, Action] => {
    const [name = '', action = ''] = entry.split('=', 2);
    return [name, action === 'kill' ? 'kill' : { barrier: action.slice('pause:'.length) }];
  });
  return new ArmedCrashPoints(new Map(actions));
}
