import type { z } from 'zod';
import { variableNotes } from './variable.js';

/** sysexits.h EX_CONFIG: something was found in an unconfigured or misconfigured state. */
export const CONFIGURATION_EXIT_CODE = 78;

export interface ConfigurationIssue {
  readonly name: string;
  readonly problem: string;
  /** As given; printed only when the variable is not secret. */
  readonly value?: string | undefined;
}

/** Everything that is wrong with the environment of one process, at once. */
export class ConfigurationError extends Error {
  readonly exitCode = CONFIGURATION_EXIT_CODE;
  readonly names: readonly string[];

  constructor(process: string, issues: readonly ConfigurationIssue[], variables: z.ZodRawShape) {
    const lines = issues.map((issue) => `  ${line(issue, variables)}`);
    super([`${process} cannot start, its environment is wrong (${issues.length}):`, ...lines].join('\n'));
    this.name = 'ConfigurationError';
    this.names = issues.map((issue) => issue.name);
  }
}

function line({ name, problem, value }: ConfigurationIssue, variables: z.ZodRawShape): string {
  const schema = variables[name];
  const notes = schema && variableNotes.get(schema as z.ZodType);
  const got = value === undefined || !notes || notes.secret ? '' : `, got ${JSON.stringify(value.slice(0, 80))}`;
  return `${name} ${problem}${got}${notes ? ` (${notes.description}; example: ${notes.example})` : ''}`;
}
