/** Arguments as the parameters of a query: null is GraphQL's other way to say nothing. */
export function parameters(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null && value !== undefined));
}
