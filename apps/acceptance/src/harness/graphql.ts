import { readFileSync } from 'node:fs';
import {
  buildSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import type { Answer, Client } from './client.js';

/** The schema as it is committed. */
export function committedSchema(): GraphQLSchema {
  const path = new URL('../../../files-api/schema/schema.graphql', import.meta.url);
  return buildSchema(readFileSync(path, 'utf8'));
}

export function ask(client: Client, query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
  return client.call('POST', '/graphql', { query, variables });
}

/** `data`; throws when anything of the answer was refused. */
export async function askFor(
  client: Client,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Answer['body']> {
  const { status, body } = await ask(client, query, variables);
  if (status !== 200 || body.errors !== undefined) throw new Error(`answered ${status} ${JSON.stringify(body)}`);
  return body.data;
}

export interface RootField {
  readonly kind: 'query' | 'mutation';
  readonly name: string;
  /** The scope it says it needs. */
  readonly scope: string | undefined;
  readonly args: readonly GraphQLArgument[];
  readonly field: GraphQLField<unknown, unknown>;
}

/** Every query and mutation there is: a new one is tested from the day it exists. */
export function rootFields(schema: GraphQLSchema): RootField[] {
  return (['query', 'mutation'] as const).flatMap((kind) => {
    const type = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
    return Object.values(type?.getFields() ?? {}).map((field) => {
      const requires = field.astNode?.directives?.find(({ name }) => name.value === 'requires');
      const scope = requires?.arguments?.[0]?.value;
      return {
        kind,
        name: field.name,
        scope: scope?.kind === Kind.STRING ? scope.value : undefined,
        args: field.args,
        field,
      };
    });
  });
}

/** Ids to call a field with, by the name of the argument; an `id` means what the field is named after. */
export type Ids = Readonly<Record<string, string>>;

/** An operation on one root field with values for whatever it must have, and for every id it may have. */
export function callOf({ kind, name, args, field }: RootField, ids: Ids): { query: string; variables: object } {
  const given = args.filter(({ type, name: argument }) => isNonNullType(type) || holdsId(type) || argument === 'input');
  const declared = given.map(({ name: argument, type }) => `$${argument}: ${String(type)}`).join(', ');
  const passed = given.map(({ name: argument }) => `${argument}: $${argument}`).join(', ');
  const selection = isCompositeType(getNamedType(field.type)) ? ' { __typename }' : '';
  return {
    query: `${kind}${declared && ` (${declared})`} { ${name}${passed && `(${passed})`}${selection} }`,
    variables: Object.fromEntries(
      given.map(({ name: argument, type }) => [
        argument,
        sample(type, argument === 'id' ? `${name}Id` : argument, ids),
      ]),
    ),
  };
}

/** Whether a caller names something that may be somebody else's. */
export function holdsId(type: GraphQLInputType): boolean {
  const named = getNamedType(type);
  if (isInputObjectType(named)) return Object.values(named.getFields()).some((field) => holdsId(field.type));
  return named.name === 'ID';
}

function sample(type: GraphQLInputType, name: string, ids: Ids): unknown {
  if (isNonNullType(type)) return sample(type.ofType, name, ids);
  if (isListType(type)) return [sample(type.ofType, name, ids)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter((field) => isNonNullType(field.type) || holdsId(field.type));
    return Object.fromEntries(fields.map((field) => [field.name, sample(field.type, field.name, ids)]));
  }
  return BY_SCALAR[type.name] ?? ids[name] ?? ids['id'];
}

const BY_SCALAR: Readonly<Record<string, unknown>> = {
  String: 'case',
  Int: 1,
  BigInt: '1',
  Boolean: false,
  DateTime: '2999-01-01T00:00:00Z',
  JSONObject: {},
};
