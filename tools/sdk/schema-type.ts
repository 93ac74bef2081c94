/** What our OpenAPI document uses of JSON Schema 2020-12. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
}

const PRIMITIVES: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
};

/** The TypeScript type of a schema; `$ref` becomes the name of the component. An unknown `type` is an error. */
export function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1) ?? 'unknown';
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map((choice) => `(${typeOf(choice)})`).join(' | ');
  if (schema.type === undefined) return 'unknown';
  return [schema.type]
    .flat()
    .map((type) => typeNamed(type, schema))
    .join(' | ');
}

/** A comment above a member, or nothing. */
export function commentOf(description: string | undefined): string {
  if (description === undefined) return '';
  const lines = description.replaceAll('*/', '* /').split('\n');
  return lines.length === 1
    ? `/** ${lines[0] ?? ''} */\n`
    : `/**\n${lines.map((line) => ` * ${line}\n`).join('')} */\n`;
}

function typeNamed(type: string, schema: Schema): string {
  if (type === 'array') return `readonly (${schema.items === undefined ? 'unknown' : typeOf(schema.items)})[]`;
  if (type === 'object') return objectType(schema);
  const primitive = PRIMITIVES[type];
  if (primitive === undefined) throw new Error(`a schema of type ${type} has no TypeScript type here`);
  return primitive;
}

function objectType({ properties, required = [], additionalProperties }: Schema): string {
  if (properties === undefined) {
    const values = typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown';
    return `Readonly<Record<string, ${values}>>`;
  }
  return membersType(
    Object.entries(properties).map(([name, schema]) => ({ name, schema, required: required.includes(name) })),
  );
}

/** A member of an object type. */
export interface Member {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
}

export function membersType(members: readonly Member[]): string {
  if (members.length === 0) return 'Readonly<Record<string, never>>';
  // An optional member may be given as undefined: it is then left out of the JSON.
  const text = members.map(
    ({ name, schema, required }) =>
      `${commentOf(schema.description)}readonly ${JSON.stringify(name)}${required ? '' : '?'}: ${typeOf(schema)}${required ? '' : ' | undefined'};`,
  );
  return `{\n${text.join('\n')}\n}`;
}
