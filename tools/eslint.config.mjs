import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { boundaries } from './boundaries.mjs';

export default [
  {
    ignores: ['**/dist/', '**/node_modules/', '.data/', '.nx/', '**/test-results/', '**/playwright-report/'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.recommended,
  {
    rules: {
      eqeqeq: 'error',
      'no-empty': ['error', { allowEmptyCatch: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
    },
  },
  {
    files: ['apps/web/**/*.{ts,tsx}', 'libs/ui/**/*.{ts,tsx}'],
    plugins: reactHooks.configs.flat.recommended.plugins,
    rules: {
      ...reactHooks.configs.flat.recommended.rules,
      // It takes a ref that is handed down for a value, and our pages share the video element so.
      'react-hooks/immutability': 'off',
    },
  },
  // What the server says goes through its log, as data; people read what main.ts writes.
  { files: ['apps/server/src/**/*.ts'], rules: { 'no-console': 'error' } },
  ...boundaries,
];
