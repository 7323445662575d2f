// Checks that a tool does in one go: each counts as one test, which passes when the tool ends with 0.
import path from 'node:path';
import { tsc } from '../setup/build.mjs';
import { run, tail } from '../setup/process.mjs';
import { failed, result } from './result.mjs';

/**
 * @param {string} root
 * @returns {import('./result.mjs').Check[]}
 */
export function toolChecks(root) {
  /** @param {string} file in node_modules */
  const tool = file => path.join(root, 'node_modules', ...file.split('/'));
  return [
    toolCheck(
      root,
      'lint',
      'ESLint',
      [[tool('eslint/bin/eslint.js'), '.', '--max-warnings=0']],
      '`npx eslint . --fix` mends some of it.'
    ),
    toolCheck(
      root,
      'format',
      'Prettier',
      [[tool('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.']],
      '`npm run format` mends it.'
    ),
    toolCheck(
      root,
      'layers',
      'Direction of imports',
      [
        [
          tool('dependency-cruiser/bin/dependency-cruise.mjs'),
          '--config',
          '.dependency-cruiser.cjs',
          'common',
          'kernel',
          'src'
        ]
      ],
      'ARCHITECTURE.md says which layer may import which.'
    ),
    toolCheck(root, 'types', 'Types', [
      [tsc(root), '-b'],
      [tsc(root), '-p', 'scripts'],
      [tsc(root), '-p', 'test/browser']
    ])
  ];
}

/**
 * @param {string} root
 * @param {string} name
 * @param {string} title
 * @param {string[][]} commands arguments of Node
 * @param {string} [advice]
 * @returns {import('./result.mjs').Check}
 */
function toolCheck(root, name, title, commands, advice = '') {
  return {
    name,
    title,
    async run() {
      for (const [i, args] of commands.entries()) {
        const { code, output, timedOut } = await run(process.execPath, args, {
          cwd: root,
          timeout: 600_000,
          log: path.join(root, 'build', 'test', `${name}${i || ''}.log`)
        });
        if (code === 0) continue;
        const reason = timedOut ? 'It did not end within 10 minutes.' : `exit code ${code}`;
        return failed([`${title}: ${reason}`, tail(output, 40), advice].filter(Boolean).join('\n'));
      }
      return result({ passed: 1 });
    }
  };
}
