import { AsyncLocalStorage } from 'node:async_hooks';
import type { QueryRunner } from 'typeorm';

/** A statement as the database carried it out. */
export interface Watched {
  sql: string;
  /** Rows that were read from tables and indexes, those among them that were thrown away; and how many were expected. */
  rows: number;
  estimatedRows: number;
  /** Pages of the database that were looked at, in memory or on disk. */
  buffers: number;
  ms: number;
  /** Its plan, a line for each node, the rows as they were and as they were expected. */
  plan: string;
}

/** A node of a plan as `EXPLAIN (ANALYZE, FORMAT JSON)` tells it. */
interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Function Name'?: string;
  'Plan Rows': number;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: PlanNode[];
}

const store = new AsyncLocalStorage<Watched[]>();

/** Watches every statement of the transactions that `work` opens; they can only read, for each is carried out twice. */
export async function watch<T>(work: () => Promise<T>): Promise<{ result: T; watched: Watched[] }> {
  const watched: Watched[] = [];
  return { result: await store.run(watched, work), watched };
}

/** Called for each transaction that begins; without somebody who watches it does nothing. */
export async function watchTransaction(runner: QueryRunner) {
  const watched = store.getStore();
  if (!watched) return;
  const query = runner.query.bind(runner) as (sql: string, parameters?: unknown[]) => Promise<unknown>;
  await query('SET TRANSACTION READ ONLY');
  Object.assign(runner, {
    query: async (sql: string, parameters?: unknown[]) => {
      const result = await query(sql, parameters);
      const [explained] = (await query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`, parameters)) as {
        'QUERY PLAN': [{ Plan: PlanNode; 'Execution Time': number }];
      }[];
      const [{ Plan: plan, 'Execution Time': ms }] = explained!['QUERY PLAN'];
      watched.push({
        sql,
        ...read(plan),
        buffers: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
        ms,
        plan: drawn(plan).join('\n'),
      });
      return result;
    },
  });
}

function drawn(node: PlanNode, depth = 1): string[] {
  const of = node['Relation Name'] ?? node['Function Name'];
  const by = node['Index Name'];
  const line = [
    node['Node Type'],
    of && ` on ${of}`,
    by && ` using ${by}`,
    `: ${node['Actual Rows']} rows, ${node['Plan Rows']} expected, ${node['Actual Loops']} times`,
  ];
  const below = node.Plans ?? [];
  return [
    '  '.repeat(depth) + line.filter(Boolean).join(''),
    ...below.flatMap((one) => drawn(one, depth + 1)),
  ];
}

function read(node: PlanNode): Pick<Watched, 'rows' | 'estimatedRows'> {
  const total = { rows: 0, estimatedRows: 0 };
  if (
    / Scan$/.test(node['Node Type']) &&
    !/^(Subquery|CTE|WorkTable|Function|Bitmap Index) /.test(node['Node Type'])
  ) {
    const loops = node['Actual Loops'];
    const dropped = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
    total.rows += (node['Actual Rows'] + dropped) * loops;
    total.estimatedRows += node['Plan Rows'] * loops;
  }
  for (const below of node.Plans ?? []) {
    const { rows, estimatedRows } = read(below);
    total.rows += rows;
    total.estimatedRows += estimatedRows;
  }
  return total;
}
