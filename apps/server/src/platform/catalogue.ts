import type { DataSource } from 'typeorm';
import { StartError } from './config';

/** Tables that belong to the install and not to a community; every other table must be walled. */
const installTables = [
  ...['migrations', 'brand', 'person', 'sign_in', 'sign_in_link', 'mail', 'tenant'],
  ...['factor', 'recovery_code', 'factor_try', 'factor_challenge', 'company_state'],
];
/** Reviewed functions that run with the owner's rights: the foundation's, and those of the search. */
const trustedFunctions = [
  ...['sec.tenant', 'sec.person'],
  ...['sec.note_said', 'sec.newest_said', 'sec.find_said', 'sec.words_like', 'sec.forget_words'],
];

interface Finding {
  rule: string;
  what: string;
}

/** What in the catalogue would let one community see another's. Empty when the wall is whole. */
export async function catalogueFindings(db: Pick<DataSource, 'query'>): Promise<Finding[]> {
  return (await db.query(
    `WITH tenant_table AS (
       SELECT c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity
       FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
         AND c.relname <> ALL ($1::text[])
     ), me AS (SELECT * FROM pg_roles WHERE rolname = current_user)
     SELECT 'row-level security is not enabled and forced' AS rule, relname AS what
       FROM tenant_table WHERE NOT (relrowsecurity AND relforcerowsecurity)
     UNION ALL
     SELECT 'not exactly one policy with USING and WITH CHECK', relname FROM tenant_table t
       WHERE (SELECT count(*) FROM pg_policy p WHERE p.polrelid = t.oid) <> 1
          OR NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid AND p.polcmd = '*'
               AND pg_get_expr(p.polqual, t.oid) LIKE '%sec.tenant()%'
               AND pg_get_expr(p.polwithcheck, t.oid) LIKE '%sec.tenant()%')
     UNION ALL
     SELECT 'community_id is missing or may be null', relname FROM tenant_table t
       WHERE relname <> 'community' AND NOT EXISTS (SELECT FROM pg_attribute a
         WHERE a.attrelid = t.oid AND a.attname = 'community_id' AND a.attnotnull)
     UNION ALL
     SELECT 'a foreign key between communities'' tables leaves community_id out', f.conname
       FROM pg_constraint f JOIN tenant_table a ON a.oid = f.conrelid JOIN tenant_table b ON b.oid = f.confrelid
       WHERE f.contype = 'f' AND b.relname <> 'community' AND NOT EXISTS (
         SELECT FROM unnest(f.conkey, f.confkey) AS pair (mine, theirs)
         JOIN pg_attribute x ON x.attrelid = f.conrelid AND x.attnum = pair.mine AND x.attname = 'community_id'
         JOIN pg_attribute y ON y.attrelid = f.confrelid AND y.attnum = pair.theirs AND y.attname = 'community_id')
     UNION ALL
     SELECT 'a unique index leaves community_id out', i.indexrelid::regclass::text
       FROM pg_index i JOIN tenant_table t ON t.oid = i.indrelid
       WHERE i.indisunique AND t.relname <> 'community' AND NOT EXISTS (SELECT FROM pg_attribute a
         WHERE a.attrelid = t.oid AND a.attname = 'community_id' AND a.attnum = ANY (i.indkey))
     UNION ALL
     SELECT 'a view runs with its owner''s rights', relname FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'
         AND NOT coalesce(reloptions::text LIKE '%security_invoker=true%', false)
     UNION ALL
     SELECT 'a materialized view', relname FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relkind = 'm'
     UNION ALL
     SELECT 'a function runs with its owner''s rights', p.oid::regprocedure::text FROM pg_proc p
       WHERE p.prosecdef AND p.pronamespace IN ('public'::regnamespace, 'sec'::regnamespace)
         AND format('%s.%s', p.pronamespace::regnamespace, p.proname) <> ALL ($2::text[])
     UNION ALL
     SELECT 'the run-time role has too many rights', rolname FROM me
       WHERE rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb
          OR has_schema_privilege(rolname, 'public', 'CREATE') OR EXISTS (SELECT FROM pg_class c
               WHERE c.relnamespace = 'sec'::regnamespace AND c.relkind IN ('r', 'p')
                 AND has_any_column_privilege(rolname, c.oid, 'SELECT, INSERT, UPDATE'))
     UNION ALL
     SELECT 'the run-time role owns it', relname FROM pg_class, me
       WHERE relnamespace = 'public'::regnamespace AND pg_has_role(me.oid, relowner, 'MEMBER')
     ORDER BY 1, 2`,
    [installTables, trustedFunctions],
  )) as Finding[];
}

/** Refuses to go on when the wall between communities has a hole. */
export async function checkCatalogue(db: DataSource) {
  const [first, ...more] = await catalogueFindings(db);
  if (!first) return;
  const others = more.length ? ` (and ${more.length} more)` : '';
  throw new StartError(
    `The database would let communities see each other: ${first.rule}: ${first.what}${others}. Restore its schema from the migrations.`,
  );
}
