import { commandLine, UsageError } from './arguments.js';
import type { CommandLine } from './arguments.js';
import { explain } from './advice.js';
import { connect } from './connection.js';
import type { CliEnvironment } from './connection.js';
import { downloadCommand } from './download-command.js';
import { listCommand, statusCommand, unfinishedCommand } from './read-commands.js';
import type { Terminal } from './terminal.js';
import { uploadCommand } from './upload-command.js';
import { USAGE } from './usage.js';

/** A process, as far as the program needs one. */
export interface CliProcess {
  readonly args: readonly string[];
  readonly environment: CliEnvironment;
  /** aborted by Ctrl-C */
  readonly signal: AbortSignal;
  terminal(json: boolean): Terminal;
}

/** Runs one command; resolves with the exit code. */
export async function run(cli: CliProcess): Promise<number> {
  const terminal = cli.terminal(cli.args.includes('--json'));
  try {
    const line = commandLine(cli.args);
    if (line.options.help === true || line.command === undefined || line.command === 'help') {
      (line.options.help === true ? terminal.out : terminal.err)(USAGE);
      return line.command === undefined && line.options.help !== true ? 2 : 0;
    }
    return (await commanded(line, cli, terminal)) ? 0 : 1;
  } catch (error) {
    if (cli.signal.aborted) {
      terminal.err('\ninterrupted; run the same command again to go on\n');
      return 130;
    }
    if (error instanceof UsageError) {
      terminal.err(`custody: ${error.message}\nSee custody --help.\n`);
      return 2;
    }
    terminal.err(`custody: ${explain(error)}\n`);
    return 1;
  }
}

function commanded({ command, operands, options }: CommandLine, cli: CliProcess, terminal: Terminal): Promise<boolean> {
  const custody = connect(cli.environment, options.url);
  const { signal } = cli;
  switch (command) {
    case 'upload':
      return uploadCommand(custody, operands, options, terminal, signal);
    case 'download':
      return downloadCommand(custody, theOne(operands), options, terminal, signal);
    case 'ls':
      return listCommand(custody, operands[0], terminal, signal);
    case 'status':
      return statusCommand(custody, theOne(operands), terminal, signal);
    case 'unfinished':
      return unfinishedCommand(custody, terminal);
    case undefined:
    default:
      throw new UsageError(`there is no command ${command ?? ''}`);
  }
}

function theOne(operands: readonly string[]): string {
  const [fileId] = operands;
  if (fileId === undefined || operands.length > 1) throw new UsageError('name one file by its id');
  return fileId;
}
