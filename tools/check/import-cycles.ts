import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** Files by the files they import at run time, as paths relative to the root. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** Reads the relative imports of every TypeScript file below `root`; `import type` is erased and does not count. */
export function readImportGraph(root: string): ImportGraph {
  const files = globSync('{apps,libs,tools}/**/*.{ts,tsx}', { cwd: root, exclude: ignored });
  const known = new Set(files);
  return new Map(
    files.map((file) => {
      const targets = runtimeImports(readFileSync(join(root, file), 'utf8'), file)
        .filter((target) => target.startsWith('.'))
        .map((target) => join(dirname(file), target).replace(/\.js$/, ''))
        .flatMap((target) => [target, `${target}.ts`, `${target}.tsx`]);
      return [file, targets.filter((target) => known.has(target))];
    }),
  );
}

const ignored = (path: string) => /(^|\/)(node_modules|dist|generated|\.local[^/]*)$/.test(path);

/** Module names a source text imports or re-exports as values; `name` says by its ending whether there is JSX in it. */
export function runtimeImports(text: string, name = 'module.ts'): string[] {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) => {
    if (ts.isImportDeclaration(statement)) {
      const erased = statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
      return erased ? [] : moduleName(statement.moduleSpecifier);
    }
    if (ts.isExportDeclaration(statement) && !statement.isTypeOnly && statement.moduleSpecifier) {
      return moduleName(statement.moduleSpecifier);
    }
    return [];
  });
}

function moduleName(node: ts.Expression): string[] {
  return ts.isStringLiteral(node) ? [node.text] : [];
}

/** Groups of files that import each other in a circle (Tarjan's strongly connected components), none when healthy. */
export function findCycles(graph: ImportGraph): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const cycles: string[][] = [];

  const visit = (file: string): number => {
    const index = order.size;
    let low = index;
    order.set(file, index);
    stack.push(file);
    for (const target of graph.get(file) ?? []) {
      if (!order.has(target)) low = Math.min(low, visit(target));
      else if (stack.includes(target)) low = Math.min(low, lowest.get(target) ?? order.get(target) ?? low);
    }
    lowest.set(file, low);
    if (low === index) {
      const component = stack.splice(stack.indexOf(file)).sort();
      if (component.length > 1 || graph.get(file)?.includes(file)) cycles.push(component);
    }
    return low;
  };

  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return cycles;
}
