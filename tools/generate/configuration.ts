import { format } from 'prettier';
import { describeConfiguration, type ProcessDescription, type VariableDescription } from '@custody/config';

export const output = 'docs/configuration.md';

/** The text of docs/configuration.md: one table a process, straight from the schemas in libs/config. */
export async function generate(): Promise<string> {
  const processes = describeConfiguration();
  const text = [
    '# Configuration',
    'Generated from `libs/config` by `npm run generate`; do not edit.',
    'Every process reads its environment once, at start. An empty value counts as not set. When anything is missing or wrong, ' +
      'the process names all of it at once and exits with code 78. Secrets are marked; their values are never printed.',
    ...processes.flatMap(section),
  ].join('\n\n');
  return format(text, { parser: 'markdown', printWidth: 120 });
}

function section({ process, variables }: ProcessDescription): string[] {
  const header = '| variable | default | unit | meaning |\n| --- | --- | --- | --- |';
  return [`## ${process}`, [header, ...variables.map(row)].join('\n')];
}

function row(variable: VariableDescription): string {
  const fallback =
    variable.default === undefined ? (variable.required ? '**required**' : 'none') : `\`${variable.default}\``;
  const example = variable.default === undefined ? ` Example: \`${variable.example}\`.` : '';
  const meaning = `${variable.group}: ${variable.description}.${variable.secret ? ' **Secret.**' : ''}${example}`;
  return `| \`${variable.name}\` | ${fallback} | ${variable.unit ?? ''} | ${meaning.replaceAll('|', '\\|')} |`;
}
