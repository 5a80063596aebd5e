import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files belong to any contribution, with what is to be seen on them. */
export class Attachments20261127000020 implements MigrationInterface {
  name = 'Attachments20261127000020';

  async up(db: QueryRunner) {
    await db.query(`
      ALTER TABLE submission_media RENAME TO attachment;
      ALTER TABLE attachment RENAME COLUMN submission_id TO contribution_id;
      ALTER TABLE attachment
        DROP CONSTRAINT submission_media_community_id_submission_id_fkey,
        ADD FOREIGN KEY (community_id, contribution_id) REFERENCES contribution,
        -- Of a submission: which task it answers.
        ALTER task_id DROP NOT NULL,
        -- Its place among those of the contribution.
        ADD COLUMN n   int NOT NULL DEFAULT 0,
        ADD COLUMN alt text CHECK (alt <> '');
      DROP INDEX submission_media_of;
      -- One file is part of one contribution.
      CREATE UNIQUE INDEX attachment_media ON attachment (community_id, media_id);
    `);
  }

  async down(db: QueryRunner) {
    await db.query(`
      DELETE FROM attachment WHERE task_id IS NULL;
      ALTER TABLE attachment DROP COLUMN n, DROP COLUMN alt, ALTER task_id SET NOT NULL,
        DROP CONSTRAINT attachment_community_id_contribution_id_fkey;
      ALTER TABLE attachment RENAME COLUMN contribution_id TO submission_id;
      ALTER TABLE attachment RENAME TO submission_media;
      ALTER TABLE submission_media ADD CONSTRAINT submission_media_community_id_submission_id_fkey
        FOREIGN KEY (community_id, submission_id) REFERENCES submission;
      DROP INDEX attachment_media;
      CREATE INDEX submission_media_of ON submission_media (community_id, media_id);
    `);
  }
}
