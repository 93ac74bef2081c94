import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const root = new URL('../..', import.meta.url).pathname;
const typed = new ESLint({
  cwd: root,
  // The one program of `npm run check` is made from files; a text given instead wants the service an editor uses.
  overrideConfig: [
    { files: ['**/*.ts'], languageOptions: { parserOptions: { project: false, projectService: true } } },
  ],
});
const untyped = new ESLint({
  cwd: root,
  overrideConfig: [{ files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked }],
});

/** Rules that `code` breaks under the repository's own configuration, as if it stood at `path`, which must exist. */
export async function brokenRules(path: string, code: string): Promise<string[]> {
  return ruleIds(await typed.lintText(code, { filePath: path }));
}

/** The same without the rules that need types, so that `path` need not exist. */
export async function brokenSyntaxRules(path: string, code: string): Promise<string[]> {
  return ruleIds(await untyped.lintText(code, { filePath: path }));
}

function ruleIds(results: ESLint.LintResult[]): string[] {
  return results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => ruleId ?? message));
}
