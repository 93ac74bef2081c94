import { z } from 'zod';
import { group } from '../group.js';
import { wholeNumber } from '../variable.js';

export const graphql = group(
  'GraphQL',
  z.object({
    FILES_GRAPHQL_MAX_TOKENS: wholeNumber({
      description: 'Longest document; more is refused before it is parsed to its end',
      unit: 'tokens',
      min: 10,
      max: 20_000,
      default: 1_000,
    }),
    FILES_GRAPHQL_MAX_DEPTH: wholeNumber({
      description: 'Deepest nesting of fields in an operation',
      unit: 'levels',
      min: 1,
      max: 100,
      default: 12,
    }),
    FILES_GRAPHQL_MAX_COST: wholeNumber({
      description: 'Most fields an operation may ask for, each counted once for every item of the pages around it',
      unit: 'fields',
      min: 1,
      max: 10_000_000,
      default: 10_000,
    }),
    FILES_GRAPHQL_MAX_ROOT_FIELDS: wholeNumber({
      description: 'Most queries or mutations of one operation',
      unit: 'fields',
      min: 1,
      max: 1_000,
      default: 20,
    }),
    FILES_GRAPHQL_MAX_ALIASES: wholeNumber({
      description: 'Most aliases of one operation',
      unit: 'aliases',
      min: 0,
      max: 10_000,
      default: 30,
    }),
  }),
  (v) => ({
    maxTokens: v.FILES_GRAPHQL_MAX_TOKENS,
    maxDepth: v.FILES_GRAPHQL_MAX_DEPTH,
    maxCost: v.FILES_GRAPHQL_MAX_COST,
    maxRootFields: v.FILES_GRAPHQL_MAX_ROOT_FIELDS,
    maxAliases: v.FILES_GRAPHQL_MAX_ALIASES,
  }),
);
