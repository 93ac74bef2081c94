import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped, type ValueNode } from 'graphql';

const DIGITS = /^-?\d{1,16}$/;

function exact(value: unknown): number {
  const number = typeof value === 'string' && DIGITS.test(value) ? Number(value) : value;
  if (Number.isSafeInteger(number)) return number as number;
  throw new GraphQLError('BigInt must be a whole number between -(2^53 - 1) and 2^53 - 1, as a number or as digits.');
}

/** Sizes in bytes: GraphQL's Int ends at 2 GiB. */
const BigIntScalar = new GraphQLScalarType<number, string>({
  name: 'BigInt',
  description: 'A whole number up to 2^53 - 1: digits in answers, digits or a number in arguments.',
  serialize: (value) => String(exact(value)),
  parseValue: exact,
  parseLiteral: (node) => exact(node.kind === Kind.INT || node.kind === Kind.STRING ? node.value : undefined),
});

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new GraphQLError('DateTime must be a string.');
}

/** Whether it is a time, the schema of its argument says, with a pointer. */
const DateTimeScalar = new GraphQLScalarType<string, string>({
  name: 'DateTime',
  description: 'ISO 8601; in answers always UTC.',
  serialize: text,
  parseValue: text,
  parseLiteral: (node) => text(node.kind === Kind.STRING ? node.value : undefined),
});

function object(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new GraphQLError('JSONObject must be an object.');
}

const JsonObjectScalar = new GraphQLScalarType({
  name: 'JSONObject',
  description: 'Any JSON object.',
  serialize: object,
  parseValue: object,
  parseLiteral: (node: ValueNode, variables) => object(valueFromASTUntyped(node, variables)),
});

export const scalars = { BigInt: BigIntScalar, DateTime: DateTimeScalar, JSONObject: JsonObjectScalar };
