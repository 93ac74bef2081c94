import { basename, dirname } from 'node:path';
import type { Rule } from 'eslint';

const kebabWithRole = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const drawers = new Set(['common', 'shared', 'utils', 'util', 'helpers', 'helper', 'misc']);

/** Files are kebab-case with a role (`initiate-upload.service.ts`), and nothing is filed under a name that says nothing. */
export const fileName: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      kebab: '{{name}}: name files in kebab-case with a role, as in initiate-upload.service.ts.',
      drawer: '{{name}}: there is no common, shared, utils or helpers here; name what it does.',
    },
  },
  create(context) {
    return {
      Program(node) {
        const path = context.filename.slice(context.cwd.length + 1);
        const name = basename(path);
        const words = [...dirname(path).split('/'), ...name.split('.')];
        if (!kebabWithRole.test(name)) context.report({ node, messageId: 'kebab', data: { name } });
        if (words.some((word) => drawers.has(word)))
          context.report({ node, messageId: 'drawer', data: { name: path } });
      },
    };
  },
};
