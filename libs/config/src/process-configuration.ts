import type { z } from 'zod';
import { ConfigurationError, type ConfigurationIssue } from './configuration-error.js';
import type { Environment, Group } from './group.js';

type Groups = Readonly<Record<string, Group<object>>>;
export type ConfigurationOf<G extends Groups> = {
  readonly [K in keyof G]: G[K] extends Group<infer T> ? Readonly<T> : never;
};

export interface ProcessConfiguration<G extends Groups> {
  readonly name: string;
  readonly groups: G;
  /** @throws ConfigurationError naming every variable that is missing or wrong. */
  load(env: Environment): ConfigurationOf<G>;
}

export function processConfiguration<G extends Groups>(name: string, groups: G): ProcessConfiguration<G> {
  return {
    name,
    groups,
    load(env) {
      const issues: ConfigurationIssue[] = [];
      const values: Record<string, object> = {};
      for (const [key, group] of Object.entries(groups)) {
        const reading = group.read(env);
        if (reading.ok) values[key] = reading.value;
        else issues.push(...reading.issues);
      }
      if (issues.length > 0) throw new ConfigurationError(name, issues, variablesOf(groups));
      return Object.freeze(values) as ConfigurationOf<G>;
    },
  };
}

/** All variables of a process, by name. */
export function variablesOf(groups: Groups): z.ZodRawShape {
  return Object.assign({}, ...Object.values(groups).map((group) => group.variables)) as z.ZodRawShape;
}
