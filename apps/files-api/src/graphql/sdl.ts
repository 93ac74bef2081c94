import type { z } from 'zod';
import { jsonSchema } from '../openapi/operation.js';

interface Node {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Node[];
  readonly items?: Node;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
}

export interface TypeOptions {
  /** GraphQL types of members whose schema does not say one: enums, objects, ids given as text, sizes. */
  readonly types?: Readonly<Record<string, string>>;
  /** Members that are not shown. */
  readonly omit?: readonly string[];
  /** SDL of members that are resolved, not read. */
  readonly more?: string;
}

/** An output type with the members, the nullability and the descriptions of the schema that describes the REST answer. */
export function objectType(name: string, schema: z.ZodType, options: TypeOptions = {}): string {
  return definition('type', name, jsonSchema(schema, 'output'), options);
}

/** An input type with what the schema takes that validates the REST request; the same schema validates it. */
export function inputType(name: string, schema: z.ZodType, options: TypeOptions = {}): string {
  return definition('input', name, jsonSchema(schema, 'input'), options);
}

/** Values are spelled as in REST. */
export function enumType(name: string, values: readonly string[]): string {
  return `enum ${name} {\n${values.join('\n')}\n}\n`;
}

/** A page as the Relay specification of cursor connections has it. */
export function connectionType(node: string, moreOfEdge = '', name = node): string {
  return `type ${name}Connection {\nedges: [${name}Edge!]!\npageInfo: PageInfo!\n}
type ${name}Edge {\ncursor: String!\nnode: ${node}!\n${moreOfEdge}\n}\n`;
}

function definition(
  kind: 'type' | 'input',
  name: string,
  node: Node,
  { types = {}, omit = [], more = '' }: TypeOptions,
) {
  const required = new Set(node.required);
  const fields = Object.entries(node.properties ?? {})
    .filter(([property]) => !omit.includes(property))
    .map(([property, member]) => {
      const [core, isNullable] = nonNull(member);
      const type = typeOf(core, types[property]);
      if (type === null) throw new Error(`${name}.${property} needs a type of its own`);
      const description = member.description ?? core.description;
      const mark = required.has(property) && !isNullable ? '!' : '';
      return `${description === undefined ? '' : `${JSON.stringify(description)}\n`}${property}: ${type}${mark}`;
    });
  return `${kind} ${name} {\n${[...fields, more].join('\n')}\n}\n`;
}

function nonNull(node: Node): [Node, boolean] {
  const { type } = node;
  if (typeof type === 'object' && type.includes('null'))
    return [{ ...node, type: type.find((one) => one !== 'null') ?? 'null' }, true];
  const rest = node.anyOf?.filter(({ type }) => type !== 'null') ?? [];
  const [only] = rest;
  return only !== undefined && rest.length === 1 ? [only, true] : [node, false];
}

function typeOf({ type, format, enum: values, items, properties }: Node, given: string | undefined): string | null {
  if (type === 'array') {
    const item = typeOf(items ?? {}, given);
    return item === null ? null : `[${item}!]`;
  }
  if (given !== undefined) return given;
  if (values !== undefined || properties !== undefined) return null;
  if (type === 'object') return 'JSONObject';
  if (type === 'string') return (format !== undefined ? BY_FORMAT[format] : undefined) ?? 'String';
  return (typeof type === 'string' && BY_TYPE[type]) || null;
}

const BY_FORMAT: Readonly<Record<string, string>> = { uuid: 'ID', 'date-time': 'DateTime' };
const BY_TYPE: Readonly<Record<string, string>> = { integer: 'Int', number: 'Float', boolean: 'Boolean' };
