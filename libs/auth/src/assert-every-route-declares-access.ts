import type { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { ACCESS } from './access.decorators.js';

/**
 * Set by Nest's `@Get()` and its like, by `@Query()`, `@Mutation()`, `@Subscription()` of its GraphQL package, and by
 * `@ResolveField()`.
 */
const ROUTE = 'path';
const FIELD = 'graphql:resolve_property';
const RESOLVER = 'graphql:resolver_type';
const OPERATIONS: readonly unknown[] = ['Query', 'Mutation', 'Subscription'];

type Class = abstract new (...args: never[]) => object;

/** Stops the start with an Error that names each HTTP or GraphQL handler without `@RequireScopes` or `@Public`. */
export function assertEveryRouteDeclaresAccess(discovery: DiscoveryService, scanner: MetadataScanner): void {
  const classes = [...discovery.getControllers(), ...discovery.getProviders()]
    .map(({ metatype }) => metatype as Class | null)
    .filter((type) => typeof type === 'function' && type.prototype !== undefined);
  const open = [...new Set(classes)].flatMap((type) => (type === null ? [] : undeclared(type, scanner)));
  if (open.length > 0) throw new Error(`declare @RequireScopes or @Public on: ${open.join(', ')}`);
}

function undeclared(type: Class, scanner: MetadataScanner): string[] {
  if (Reflect.hasMetadata(ACCESS, type)) return [];
  const prototype = type.prototype as Record<string, object>;
  return scanner
    .getAllMethodNames(prototype)
    .filter((name) => isDoor(prototype[name]) && !Reflect.hasMetadata(ACCESS, prototype[name] ?? {}))
    .map((name) => `${type.name}.${name}`);
}

function isDoor(method: object | undefined): boolean {
  if (method === undefined) return false;
  if (Reflect.hasMetadata(ROUTE, method) || Reflect.hasMetadata(FIELD, method)) return true;
  return OPERATIONS.includes(Reflect.getMetadata(RESOLVER, method));
}
