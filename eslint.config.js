// Lint rules: what the compiler does not see and a reviewer should not have to. Formatting is Prettier's.
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const NODE = Object.fromEntries(
  [
    'process',
    'console',
    'performance',
    'setTimeout',
    'clearTimeout',
    'setInterval',
    'clearInterval',
    'setImmediate',
    'URL',
    'Buffer',
    'fetch',
    'structuredClone',
    'AbortController',
    'AbortSignal',
    'queueMicrotask',
    'WebAssembly',
    'TextEncoder',
    'TextDecoder',
    'module',
    'require'
  ].map(name => [name, 'readonly'])
);

export default tseslint.config(
  {
    ignores: [
      'node_modules/',
      'lib/',
      // AssemblyScript: its types and operators are not TypeScript's.
      'kernel/wasm/assembly/',
      '.venv/',
      '.cache/',
      'build/',
      'dist/',
      'hysim_lab/labextension/',
      '**/.hysim/',
      'test-results/',
      'playwright-report/'
    ]
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'object-shorthand': 'error',
      'prefer-template': 'off',
      // Our error classes carry a place and words for a person, not the tool's error underneath.
      'preserve-caught-error': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      // `{}` is "no inputs" in a stage's definition.
      '@typescript-eslint/no-empty-object-type': ['error', { allowObjectTypes: 'always' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }
      ],
      // Numerics: a typed array's element within its bounds is a number, and `!` says so without a branch.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // A TypeBox schema and the type made from it share one name.
      '@typescript-eslint/no-redeclare': 'off',
      'no-redeclare': 'off'
    }
  },
  {
    files: ['common/**/*.ts', 'kernel/**/*.ts', 'src/**/*.{ts,tsx}', 'test/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'it', 'describe', 'suite'], package: 'node:test' }
          ]
        }
      ],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true }
      ]
    }
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { globals: NODE }
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs' },
    rules: { '@typescript-eslint/no-require-imports': 'off' }
  },
  {
    // An old Node must be able to read these: see the comment at their top.
    files: ['scripts/start.mjs', 'scripts/test.mjs', 'scripts/setup/node-version.mjs'],
    rules: { 'no-var': 'off', 'object-shorthand': 'off' }
  }
);
