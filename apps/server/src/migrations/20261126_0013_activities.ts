import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Activities, what members begin and send to them, and the pieces that say it. */
export class Activities20261126000013 implements MigrationInterface {
  name = 'Activities20261126000013';

  async up(db: QueryRunner) {
    await db.query(`
      ALTER TABLE space DROP CONSTRAINT space_kind_check,
        ADD CONSTRAINT space_kind_check CHECK (kind IN ('session', 'update', 'activity'));
      ALTER TABLE contribution DROP CONSTRAINT contribution_type_check,
        ADD CONSTRAINT contribution_type_check CHECK (type IN ('comment', 'statement', 'reply', 'submission'));

      CREATE TABLE activity (
        community_id uuid NOT NULL REFERENCES community,
        -- Also of its space, once it is published.
        id           uuid NOT NULL,
        status       text NOT NULL CHECK (status IN ('draft', 'published', 'closed', 'archived')),
        title        text NOT NULL CHECK (title <> ''),
        -- Until it is published: the contract's ActivityDraft. From then on: its ActivityBody.
        draft        jsonb,
        body         jsonb,
        opens_at     timestamptz,
        due_at       timestamptz,
        grace_hours  int,
        visibility   text CHECK (visibility IN ('open', 'afterAnswer', 'team')),
        segment_id   uuid,
        by_id        uuid,
        published_at timestamptz,
        -- When those it is for were told.
        announced_at timestamptz,
        updated_at   timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, segment_id) REFERENCES segment,
        FOREIGN KEY (community_id, by_id) REFERENCES member,
        CHECK ((status = 'draft') = (body IS NULL)),
        CHECK (status = 'draft' OR num_nulls(opens_at, due_at, grace_hours, visibility, published_at) = 0),
        CHECK (opens_at < due_at)
      );
      CREATE INDEX activity_published ON activity (community_id, due_at) WHERE status = 'published';
      SELECT sec.wall('activity');
      REVOKE DELETE ON activity FROM parley_runtime;

      CREATE TABLE task (
        community_id uuid NOT NULL,
        id           uuid NOT NULL,
        activity_id  uuid NOT NULL,
        place        int NOT NULL,
        kind         text NOT NULL CHECK (kind IN ('text', 'photo', 'video', 'pick', 'rank', 'scale', 'place')),
        -- The contract's TaskBody.
        body         jsonb NOT NULL,
        asset_id     uuid,
        PRIMARY KEY (community_id, id),
        UNIQUE (community_id, activity_id, place),
        FOREIGN KEY (community_id, activity_id) REFERENCES activity,
        FOREIGN KEY (community_id, asset_id) REFERENCES asset
      );
      SELECT sec.wall('task');

      -- Files of the brand to work with.
      CREATE TABLE activity_asset (
        community_id uuid NOT NULL,
        activity_id  uuid NOT NULL,
        asset_id     uuid NOT NULL,
        place        int NOT NULL,
        PRIMARY KEY (community_id, activity_id, asset_id),
        FOREIGN KEY (community_id, activity_id) REFERENCES activity,
        FOREIGN KEY (community_id, asset_id) REFERENCES asset
      );
      CREATE INDEX activity_asset_of ON activity_asset (community_id, asset_id);
      SELECT sec.wall('activity_asset');

      -- Begun and not sent. rev counts the savings.
      CREATE TABLE submission_draft (
        community_id uuid NOT NULL,
        activity_id  uuid NOT NULL,
        member_id    uuid NOT NULL,
        entry        int NOT NULL CHECK (entry BETWEEN 1 AND 31),
        rev          int NOT NULL,
        answers      jsonb NOT NULL,
        quote        text CHECK (quote IN ('named', 'anonymous', 'no')),
        at           timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, activity_id, member_id, entry),
        FOREIGN KEY (community_id, activity_id) REFERENCES activity,
        FOREIGN KEY (community_id, member_id) REFERENCES member
      );
      SELECT sec.wall('submission_draft');

      CREATE TABLE submission (
        community_id uuid NOT NULL,
        -- The contribution's.
        id           uuid NOT NULL,
        activity_id  uuid NOT NULL,
        member_id    uuid NOT NULL,
        entry        int NOT NULL CHECK (entry BETWEEN 1 AND 31),
        late         boolean NOT NULL,
        quote        text NOT NULL CHECK (quote IN ('named', 'anonymous', 'no')),
        -- The contract's TaskAnswers.
        answers      jsonb NOT NULL,
        -- Its files can be shown.
        ready        boolean NOT NULL,
        -- What is to be mended, while it is returned.
        return_tasks uuid[] NOT NULL DEFAULT '{}',
        accepted_at  timestamptz,
        accepted_by  uuid,
        featured_at  timestamptz,
        sent_at      timestamptz NOT NULL DEFAULT now(),
        -- Taken back by its author, who may send another then.
        withdrawn_at timestamptz,
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, id) REFERENCES contribution,
        FOREIGN KEY (community_id, activity_id) REFERENCES activity,
        FOREIGN KEY (community_id, member_id) REFERENCES member,
        FOREIGN KEY (community_id, accepted_by) REFERENCES member,
        CHECK ((accepted_at IS NULL) = (accepted_by IS NULL)),
        -- Nobody is shown first who did not agree, or whose work was not taken.
        CONSTRAINT featured_with_consent CHECK (featured_at IS NULL OR (accepted_at IS NOT NULL AND quote <> 'no'))
      );
      CREATE UNIQUE INDEX submission_once ON submission (community_id, activity_id, member_id, entry)
        WHERE withdrawn_at IS NULL;
      CREATE INDEX submission_gallery ON submission (community_id, activity_id, sent_at DESC, id DESC);
      CREATE INDEX submission_author ON submission (community_id, member_id, activity_id);
      SELECT sec.wall('submission');

      CREATE TABLE submission_media (
        community_id  uuid NOT NULL,
        submission_id uuid NOT NULL,
        media_id      uuid NOT NULL,
        task_id       uuid NOT NULL,
        PRIMARY KEY (community_id, submission_id, media_id),
        FOREIGN KEY (community_id, submission_id) REFERENCES submission,
        FOREIGN KEY (community_id, media_id) REFERENCES media,
        FOREIGN KEY (community_id, task_id) REFERENCES task
      );
      CREATE INDEX submission_media_of ON submission_media (community_id, media_id);
      SELECT sec.wall('submission_media');

      -- A clip, a quote or a picture that says it.
      CREATE TABLE excerpt (
        community_id  uuid NOT NULL,
        id            uuid NOT NULL,
        submission_id uuid NOT NULL,
        task_id       uuid NOT NULL,
        media_id      uuid,
        from_ms       int,
        to_ms         int,
        words         text,
        note          text,
        theme_id      uuid,
        by_id         uuid NOT NULL,
        at            timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, submission_id) REFERENCES submission,
        FOREIGN KEY (community_id, task_id) REFERENCES task,
        FOREIGN KEY (community_id, media_id) REFERENCES media,
        FOREIGN KEY (community_id, theme_id) REFERENCES theme,
        FOREIGN KEY (community_id, by_id) REFERENCES member,
        CHECK ((media_id IS NULL) <> (words IS NULL)),
        CHECK ((from_ms IS NULL) = (to_ms IS NULL) AND (from_ms IS NULL OR from_ms < to_ms))
      );
      CREATE INDEX excerpt_of ON excerpt (community_id, submission_id);
      SELECT sec.wall('excerpt');
    `);
  }

  async down(db: QueryRunner) {
    await db.query(`
      DROP TABLE excerpt, submission_media, submission, submission_draft, activity_asset, task, activity;
      ALTER TABLE contribution DROP CONSTRAINT contribution_type_check,
        ADD CONSTRAINT contribution_type_check CHECK (type IN ('comment', 'statement', 'reply'));
      ALTER TABLE space DROP CONSTRAINT space_kind_check,
        ADD CONSTRAINT space_kind_check CHECK (kind IN ('session', 'update'));
    `);
  }
}
