import { fileURLToPath } from 'node:url';

const rootDir = fileURLToPath(new URL('..', import.meta.url));

/** TypeScript to ES modules; the server's decorators need their metadata, and its columns must not become own fields. */
const swc = (/** @type {boolean} */ tsx) => [
  '@swc/jest',
  {
    swcrc: false,
    sourceMaps: 'inline',
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true, tsx },
      transform: {
        legacyDecorator: true,
        decoratorMetadata: true,
        useDefineForClassFields: false,
        react: { runtime: 'automatic' },
      },
    },
    module: { type: 'es6' },
  },
];

const project = {
  rootDir,
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleFileExtensions: ['ts', 'tsx', 'js', 'mjs', 'cjs', 'json', 'node'],
  transform: { '^.+\\.ts$': swc(false), '^.+\\.tsx$': swc(true) },
  // `./x.js` may mean `./x.ts`, as TypeScript reads it.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': ['$1.js', '$1.ts', '$1.tsx'] },
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/\\.'],
};

const node = { ...project, testEnvironment: 'node', setupFiles: ['reflect-metadata'] };

/** @type {import('jest').Config} */
export default {
  rootDir,
  projects: [
    {
      ...node,
      displayName: 'unit',
      testMatch: ['<rootDir>/{apps/server,apps/crowd,libs,tools}/**/*.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', '\\.int\\.spec\\.ts$', '<rootDir>/libs/ui/'],
    },
    {
      ...project,
      displayName: 'web',
      testMatch: ['<rootDir>/{apps/web,libs/ui}/**/*.spec.{ts,tsx}'],
      testEnvironment: 'jsdom',
      setupFilesAfterEnv: ['<rootDir>/tools/jest.web.mjs'],
      moduleNameMapper: {
        ...project.moduleNameMapper,
        '\\.(css|svg|png|webp|woff2)(\\?\\w+)?$': '<rootDir>/tools/jest.asset.mjs',
      },
    },
    {
      ...node,
      displayName: 'integration',
      testMatch: ['<rootDir>/{apps,libs}/**/*.int.spec.ts'],
      globalSetup: '<rootDir>/tools/jest.database.mjs',
      globalTeardown: '<rootDir>/tools/jest.database-end.mjs',
    },
  ],
  // Against what hangs, not against what is slow.
  testTimeout: 120_000,
  maxWorkers: 2,
  // Each file loads Nest anew, and what it leaves behind is not collected.
  workerIdleMemoryLimit: '512MB',
};
