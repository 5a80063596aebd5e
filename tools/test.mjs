import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findBrowser } from './browser.mjs';
import { build, nxEnv } from './build.mjs';
import { jestCommand } from './jest.mjs';
import { bin, isEnding, progress, root, run, seconds, Stop } from './steps.mjs';

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {{ ok: boolean, output?: string, counts?: Counts }} Result
 * @typedef {object} Step
 * @property {(patterns: string[]) => Promise<Result>} work
 * @property {string} [after] the step whose work this one needs
 * @property {boolean} [alone] true when it wants both processors
 */

const reports = join(root, '.data/test');
const tool = async (/** @type {string[]} */ ...args) => {
  const { code, output } = await run([process.execPath, ...args], { env: nxEnv });
  return { ok: code === 0, output };
};

/** @type {Record<string, Step>} */
const steps = {
  build: {
    work: async () => {
      await build(['server', 'web', 'crowd']);
      return { ok: true };
    },
  },
  format: {
    work: () =>
      tool(
        bin('prettier'),
        '--check',
        '.',
        '--log-level=warn',
        '--cache',
        '--cache-location=.data/test/prettier',
      ),
  },
  types: {
    work: () => tool(bin('nx'), 'run-many', '-t', 'typecheck', '--output-style=static', '--parallel=2'),
  },
  lint: {
    work: () =>
      tool(
        bin('eslint'),
        ...['-c', 'tools/eslint.config.mjs', '--max-warnings=0'],
        ...['--cache', '--cache-strategy=content', '--cache-location=.data/test/eslint', '.'],
      ),
  },
  unit: { work: (patterns) => jest('unit', ['unit', 'web'], ['--maxWorkers=1', ...patterns]) },
  integration: { work: (patterns) => jest('integration', ['integration'], patterns), alone: true },
  browser: { work: journeys, after: 'build', alone: true },
};

/**
 * Runs the steps, side by side where they do not disturb each other, and sums up; answers with the exit code.
 * `--only=unit,lint` picks steps; other words are passed on to the test runners as patterns.
 * @param {string[]} args
 */
export async function test(args) {
  const names = pick(args);
  const patterns = args.filter((arg) => !arg.startsWith('--only'));
  mkdirSync(reports, { recursive: true });
  const from = performance.now();
  /** @type {Map<string, Result & { time: string }>} */
  const results = new Map();
  /** @type {Map<string, Promise<void>>} */
  const busy = new Map();
  const waiting = [...names];
  while (waiting.length || busy.size) {
    const alone = [...busy.keys()].some((name) => steps[name]?.alone);
    const next = waiting.findIndex((name) => {
      const { after, alone: wantsAll } = /** @type {Step} */ (steps[name]);
      return !(after && names.includes(after) && !results.has(after)) && !(wantsAll && busy.size);
    });
    if (next >= 0 && !alone && busy.size < 2) {
      const [name = ''] = waiting.splice(next, 1);
      busy.set(
        name,
        doStep(name).finally(() => busy.delete(name)),
      );
    } else {
      await Promise.race(busy.values());
    }
  }
  return sumUp();

  async function doStep(/** @type {string} */ name) {
    const began = performance.now();
    const { after, work } = /** @type {Step} */ (steps[name]);
    /** @type {Result} */
    let result;
    try {
      if (after && results.get(after)?.ok === false) throw new Stop(`not run, because ${after} failed`);
      result = await work(patterns);
    } catch (error) {
      result = {
        ok: false,
        output: error instanceof Stop ? error.message : /** @type {Error} */ (error).stack,
      };
    }
    if (isEnding()) return new Promise(() => {});
    const time = seconds(began);
    results.set(name, { ...result, time });
    if (!result.ok) progress.out.write(`\n${withoutNoise(result.output ?? '')}\n\n`);
    progress.out.write(`${line(name)}\n`);
  }

  function line(/** @type {string} */ name) {
    const { ok = false, time = '', counts } = results.get(name) ?? {};
    const tests = counts ? `  ${tally(counts)}` : '';
    return `${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(12)}${time.padStart(8)}${tests}`;
  }

  function sumUp() {
    const sum = { passed: 0, failed: 0, skipped: 0 };
    for (const { ok, counts } of results.values()) {
      sum.passed += counts?.passed ?? 0;
      sum.skipped += counts?.skipped ?? 0;
      // A step that fails without a failed test counts as one: the last line must not say that all is well.
      sum.failed += ok ? 0 : Math.max(counts?.failed ?? 0, 1);
    }
    const table = names.map(line).join('\n');
    progress.out.write(
      `\n${table}\n        ${'together'.padEnd(12)}${seconds(from).padStart(8)}\n\n${tally(sum)}\n`,
    );
    return sum.failed ? 1 : 0;
  }
}

/** What npm and Nx add to the words of the tools they run. */
const withoutNoise = (/** @type {string} */ output) =>
  output
    .replaceAll(/^(npm (warn|error) .*|> .*|\s*Recommendation: .*)\n/gm, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();

const tally = (/** @type {Counts} */ { passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;

function pick(/** @type {string[]} */ args) {
  const only = args
    .find((arg) => arg.startsWith('--only='))
    ?.slice('--only='.length)
    .split(',');
  const unknown = only?.find((name) => !(name in steps));
  if (unknown !== undefined)
    throw new Stop(`There is no step "${unknown}": choose from ${Object.keys(steps).join(', ')}.`);
  const needed = only?.map((name) => steps[name]?.after) ?? [];
  return Object.keys(steps).filter((name) => !only || only.includes(name) || needed.includes(name));
}

/**
 * @param {string} name
 * @param {string[]} projects
 * @param {string[]} args
 * @returns {Promise<Result>}
 */
async function jest(name, projects, args) {
  const report = join(reports, `${name}.json`);
  rmSync(report, { force: true });
  const { code, output } = await run(
    jestCommand(
      '--selectProjects',
      ...projects,
      '--json',
      `--outputFile=${report}`,
      '--silent=false',
      ...args,
    ),
    { env: { NODE_ENV: 'test', FORCE_COLOR: process.stdout.isTTY ? '1' : '0' } },
  );
  if (!existsSync(report)) return { ok: false, output };
  const said = JSON.parse(readFileSync(report, 'utf8'));
  const counts = {
    passed: said.numPassedTests,
    failed: said.numFailedTests + said.numRuntimeErrorTestSuites,
    skipped: said.numPendingTests + said.numTodoTests,
  };
  return { ok: code === 0, output, counts };
}

/** @returns {Promise<Result>} */
async function journeys(/** @type {string[]} */ patterns) {
  const folder = join(root, 'apps/e2e');
  if (!existsSync(join(folder, 'playwright.config.ts'))) return { ok: true };
  const browser = await findBrowser();
  const report = join(reports, 'browser.json');
  rmSync(report, { force: true });
  const { code, output } = await run(
    [process.execPath, bin('@playwright/test', 'playwright'), 'test', '--reporter=list,json', ...patterns],
    { cwd: folder, env: { ...browser, PLAYWRIGHT_JSON_OUTPUT_FILE: report } },
  );
  if (!existsSync(report)) return { ok: false, output };
  const { stats, errors } = JSON.parse(readFileSync(report, 'utf8'));
  const counts = {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    skipped: stats.skipped,
  };
  return { ok: code === 0, output, counts };
}
