/** An entry of no-restricted-syntax. */
export interface SyntaxBan {
  readonly selector: string;
  readonly message: string;
}

const testFunctions = '/^(it|test|describe)$/';

/** Where a file stands: product code, its tests, or the tools around it. */
export type Zone = 'source' | 'test' | 'tool';

const envBans: readonly SyntaxBan[] = [
  {
    selector: 'MemberExpression[property.name="env"][object.property.name="process"]',
    message: 'The environment is read in libs/config only.',
  },
  {
    selector: 'ImportDeclaration[source.value=/^(node:)?process$/] ImportSpecifier[imported.name="env"]',
    message: 'The environment is read in libs/config only.',
  },
];

const sourceBans: readonly SyntaxBan[] = [
  {
    selector: 'MethodDefinition[kind="constructor"] > FunctionExpression[params.length>5]',
    message: 'More than five dependencies: this class does more than one thing.',
  },
  {
    selector: 'CatchClause > BlockStatement[body.length=0]',
    message: 'A catch that hides: handle the error, or let it go up.',
  },
];

const exportBans: readonly SyntaxBan[] = [
  { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
  { selector: 'ExportSpecifier[exported.name="default"]', message: 'Export by name.' },
];

const transactionBan: SyntaxBan = {
  selector: 'MemberExpression[property.name="$transaction"]',
  message: 'Transactions begin and end in libs/data.',
};

const testBans: readonly SyntaxBan[] = [
  {
    selector: `MemberExpression[property.name=/^(only|skip|todo|failing)$/][object.name=${testFunctions}]`,
    message: 'Tests run: none skipped, none alone.',
  },
  {
    selector: 'CallExpression[callee.name=/^(xit|xtest|xdescribe|fit|fdescribe)$/]',
    message: 'Tests run: none skipped, none alone.',
  },
  {
    selector: 'NewExpression[callee.name="Promise"] CallExpression[callee.name="setTimeout"]',
    message: 'No sleeps: wait for a condition with a deadline.',
  },
  {
    selector:
      'ImportDeclaration[source.value=/^(node:)?timers\\u002Fpromises$/] ImportSpecifier[imported.name="setTimeout"]',
    message: 'No sleeps: wait for a condition with a deadline.',
  },
];

/** What no-restricted-syntax forbids in a zone of a folder such as `libs/config`. */
export function bannedSyntax(folder: string, zone: Zone): SyntaxBan[] {
  const product = folder.startsWith('apps/') || folder.startsWith('libs/');
  return [
    ...sourceBans,
    ...(product ? exportBans : []),
    ...(readsEnvironment(folder, zone) ? [] : envBans),
    ...(folder === 'libs/data' || !product ? [] : [transactionBan]),
    ...(zone === 'test' ? testBans : []),
  ];
}

/** libs/config is the one reader; tests and tools stand outside the product. */
export function readsEnvironment(folder: string, zone: Zone): boolean {
  return zone !== 'source' || ['libs/config', 'libs/testing', 'apps/acceptance'].includes(folder);
}
