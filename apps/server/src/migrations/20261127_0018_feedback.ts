import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What members say without being asked: of a page, an asset, or a second of it. */
export class Feedback20261127000018 implements MigrationInterface {
  name = 'Feedback20261127000018';

  async up(db: QueryRunner) {
    await db.query(`
      ALTER TABLE space DROP CONSTRAINT space_kind_check,
        ADD CONSTRAINT space_kind_check CHECK (kind IN ('session', 'update', 'activity', 'discussion', 'challenge', 'jobs',
          'suggestions', 'group', 'call', 'feedback'));

      CREATE TABLE feedback_rule (
        community_id uuid PRIMARY KEY REFERENCES community,
        space_id     uuid NOT NULL,
        -- Within so many days there is an answer; null: by an Update alone.
        reply_days   int CHECK (reply_days > 0),
        FOREIGN KEY (community_id, space_id) REFERENCES space
      );
      SELECT sec.wall('feedback_rule');

      CREATE TABLE feedback_prompt (
        community_id uuid NOT NULL REFERENCES community,
        page         text,
        asset_id     uuid,
        prompt       text NOT NULL CHECK (prompt <> ''),
        FOREIGN KEY (community_id, asset_id) REFERENCES asset,
        CHECK ((page IS NULL) <> (asset_id IS NULL))
      );
      CREATE UNIQUE INDEX feedback_prompt_of ON feedback_prompt (community_id, coalesce(page, asset_id::text));
      SELECT sec.wall('feedback_prompt');

      CREATE TABLE feedback (
        community_id uuid NOT NULL,
        -- The contribution's.
        id           uuid NOT NULL,
        at           timestamptz NOT NULL DEFAULT now(),
        page         text NOT NULL,
        asset_id     uuid,
        second       int,
        mood         int CHECK (mood BETWEEN 1 AND 5),
        -- The question that stood at the field.
        prompt       text,
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, id) REFERENCES contribution,
        FOREIGN KEY (community_id, asset_id) REFERENCES asset,
        CHECK (second IS NULL OR asset_id IS NOT NULL)
      );
      CREATE INDEX feedback_at ON feedback (community_id, at DESC, id DESC);
      CREATE INDEX feedback_page ON feedback (community_id, page, at DESC, id DESC);
      CREATE INDEX feedback_asset ON feedback (community_id, asset_id, at DESC, id DESC) WHERE asset_id IS NOT NULL;
      SELECT sec.wall('feedback');
      REVOKE DELETE ON feedback FROM parley_runtime;
    `);
  }

  async down(db: QueryRunner) {
    await db.query(`
      DROP TABLE feedback, feedback_prompt, feedback_rule;
      ALTER TABLE space DROP CONSTRAINT space_kind_check,
        ADD CONSTRAINT space_kind_check CHECK (kind IN ('session', 'update', 'activity', 'discussion', 'challenge', 'jobs',
          'suggestions', 'group', 'call'));
    `);
  }
}
