/** What one slice adds to the schema, as SDL: types, and fields of Query and Mutation. */
export interface GraphqlPart {
  readonly types: string;
  readonly queries?: string;
  readonly mutations?: string;
}
