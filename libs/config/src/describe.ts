import type { z } from 'zod';
import type { Group } from './group.js';
import { allProcesses } from './processes.js';
import { variableNotes } from './variable.js';

/** One variable as the documentation and the deployment checks see it. */
export interface VariableDescription {
  readonly name: string;
  readonly group: string;
  readonly description: string;
  readonly unit: string | undefined;
  /** As written in the environment; `undefined` when there is none. */
  readonly default: string | undefined;
  readonly example: string;
  readonly required: boolean;
  readonly secret: boolean;
}

export interface ProcessDescription {
  readonly process: string;
  readonly variables: readonly VariableDescription[];
}

/** Every variable of every process, in the order of its groups. */
export function describeConfiguration(): ProcessDescription[] {
  return allProcesses.map(({ name, groups }) => ({
    process: name,
    variables: Object.values<Group<object>>(groups).flatMap((group) =>
      Object.entries(group.variables).map(([variable, schema]) => describe(variable, group.title, schema as z.ZodType)),
    ),
  }));
}

function describe(name: string, group: string, schema: z.ZodType): VariableDescription {
  const notes = variableNotes.get(schema);
  if (!notes) throw new Error(`${name} has no description`);
  return {
    name,
    group,
    description: notes.description,
    unit: notes.unit,
    default: notes.default,
    example: notes.example,
    required: notes.default === undefined && notes.optional !== true,
    secret: notes.secret === true,
  };
}
