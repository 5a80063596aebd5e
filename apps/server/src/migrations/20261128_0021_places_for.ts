import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Places can be for the people of a segment; what of one's own others do not see is found without reading the rest. */
export class PlacesFor20261128000021 implements MigrationInterface {
  name = 'PlacesFor20261128000021';

  async up(db: QueryRunner) {
    await db.query(`
      ALTER TABLE space ADD COLUMN segment_id uuid, ADD FOREIGN KEY (community_id, segment_id) REFERENCES segment;
      CREATE INDEX contribution_apart ON contribution (community_id, author_id, at DESC, id DESC)
        WHERE team_only OR moderation = 'held';
      COMMENT ON TABLE segment_member IS 'Of segments that are frozen, or that a space is for.';
      CREATE OR REPLACE FUNCTION space_seen(s space, who uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
        SELECT (s.for_types IS NULL AND NOT s.circle AND s.group_id IS NULL AND s.segment_id IS NULL) OR who IS NULL OR EXISTS (
          SELECT FROM member m WHERE m.community_id = s.community_id AND m.id = who AND (m.role <> 'member'
            OR ((s.for_types IS NULL OR m.type = ANY (s.for_types)) AND (NOT s.circle OR m.circle)
              AND (s.group_id IS NULL OR EXISTS (SELECT FROM group_member g WHERE g.community_id = s.community_id
                AND g.group_id = s.group_id AND g.member_id = who AND g.left_at IS NULL))
              AND (s.segment_id IS NULL OR EXISTS (SELECT FROM segment_member n WHERE n.community_id = s.community_id
                AND n.segment_id = s.segment_id AND n.member_id = who)))))
      $$;
    `);
  }

  async down(db: QueryRunner) {
    await db.query(`
      CREATE OR REPLACE FUNCTION space_seen(s space, who uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
        SELECT (s.for_types IS NULL AND NOT s.circle AND s.group_id IS NULL) OR who IS NULL OR EXISTS (
          SELECT FROM member m WHERE m.community_id = s.community_id AND m.id = who AND (m.role <> 'member'
            OR ((s.for_types IS NULL OR m.type = ANY (s.for_types)) AND (NOT s.circle OR m.circle)
              AND (s.group_id IS NULL OR EXISTS (SELECT FROM group_member g WHERE g.community_id = s.community_id
                AND g.group_id = s.group_id AND g.member_id = who AND g.left_at IS NULL)))))
      $$;
      DROP INDEX contribution_apart;
      ALTER TABLE space DROP COLUMN segment_id;
    `);
  }
}
