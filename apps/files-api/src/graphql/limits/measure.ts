import {
  getNamedType,
  isListType,
  isObjectType,
  getNullableType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLArgument,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';

/** What one operation asks for, fragments written out. `cost`: fields, each times the sizes of the pages around it. */
export interface Measure {
  depth: number;
  cost: number;
  aliases: number;
  rootFields: number;
}

/** Items of a list that is no page, as far as costs go. */
const LIST_SIZE = 10;
const LARGEST_PAGE = 200;

/**
 * Walks a valid document (no cycles, known fields). Ends early once `maxCost` is passed: fragments within fragments grow by powers.
 * Introspection counts once: the validation of graphql bounds its nesting.
 */
export function measure(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  maxCost: number,
): Measure {
  return new Walk(schema, document, operation, variables, maxCost).result();
}

interface Place {
  readonly parent: GraphQLObjectType;
  readonly depth: number;
  readonly times: number;
  /** Directly in a page, whose size is counted already: its list has that many items. */
  readonly isPage: boolean;
}

class Walk {
  private readonly found: Measure = { depth: 0, cost: 0, aliases: 0, rootFields: 0 };
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private visited = 0;

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly operation: OperationDefinitionNode,
    private readonly variables: Readonly<Record<string, unknown>>,
    private readonly maxCost: number,
  ) {
    const fragments = document.definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
    this.fragments = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
  }

  result(): Measure {
    const root = this.schema.getRootType(this.operation.operation);
    if (root) this.selections(this.operation.selectionSet, { parent: root, depth: 1, times: 1, isPage: false });
    // Spreads within spreads, without a field in sight, cost as well.
    if (this.visited > this.maxCost) this.found.cost = Math.max(this.found.cost, this.visited);
    return this.found;
  }

  private selections({ selections }: SelectionSetNode, at: Place): void {
    for (const selection of selections) {
      if (this.found.cost > this.maxCost || ++this.visited > this.maxCost) return;
      switch (selection.kind) {
        case Kind.FIELD:
          this.field(selection, at);
          break;
        case Kind.INLINE_FRAGMENT:
          this.selections(selection.selectionSet, at);
          break;
        case Kind.FRAGMENT_SPREAD: {
          const fragment = this.fragments.get(selection.name.value);
          if (fragment) this.selections(fragment.selectionSet, at);
        }
      }
    }
  }

  private field(node: FieldNode, { parent, depth, times, isPage }: Place): void {
    this.found.cost += times;
    this.found.depth = Math.max(this.found.depth, depth);
    if (node.alias) this.found.aliases += 1;
    if (depth === 1) this.found.rootFields += 1;
    const field = parent.getFields()[node.name.value];
    // Introspection: `__schema`, `__type` and `__typename` are no fields of a type.
    if (!field || !node.selectionSet) return;
    const type = getNamedType(field.type);
    if (!isObjectType(type)) return;
    const page = field.args.find(({ name }) => name === 'first');
    const isList = !isPage && isListType(getNullableType(field.type));
    const items = page ? this.pageSize(node, page) : isList ? LIST_SIZE : 1;
    this.selections(node.selectionSet, {
      parent: type,
      depth: depth + 1,
      times: times * items,
      isPage: page !== undefined,
    });
  }

  /** What is no size counts as the largest: it is refused by its schema later. */
  private pageSize(node: FieldNode, { defaultValue }: GraphQLArgument): number {
    const value = node.arguments?.find(({ name }) => name.value === 'first')?.value;
    const given = value?.kind === Kind.VARIABLE ? this.variable(value.name.value) : value && valueFromASTUntyped(value);
    const size = given ?? defaultValue;
    return typeof size === 'number' && size >= 1 ? size : LARGEST_PAGE;
  }

  private variable(name: string): unknown {
    if (this.variables[name] !== undefined) return this.variables[name];
    const definition = this.operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
    return definition?.defaultValue && valueFromASTUntyped(definition.defaultValue);
  }
}
