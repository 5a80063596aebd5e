import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const at = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));

/** The command line that runs Jest on the given projects; native ES modules still need a flag of Node. */
export const jestCommand = (/** @type {string[]} */ ...args) => [
  process.execPath,
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  at('../node_modules/jest/bin/jest.js'),
  '-c',
  at('jest.config.mjs'),
  '--passWithNoTests',
  ...args,
];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [command = '', ...args] = jestCommand(...process.argv.slice(2));
  process.exitCode = spawnSync(command, args, { stdio: 'inherit' }).status ?? 1;
}
