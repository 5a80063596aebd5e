import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What members say, and how others rate it; and the assets they speak of. */
export class Contributions20261122000003 implements MigrationInterface {
  name = 'Contributions20261122000003';

  async up(db: QueryRunner) {
    await db.query(`
      CREATE TABLE contribution (
        community_id uuid NOT NULL,
        id           uuid NOT NULL,
        room_id      uuid NOT NULL,
        author_id    uuid NOT NULL,
        type         text NOT NULL CHECK (type IN ('comment', 'statement')),
        body         text NOT NULL,
        -- What was on stage when it was written, and at which second of it.
        cue_id       uuid,
        second       int,
        at           timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, room_id) REFERENCES room,
        FOREIGN KEY (community_id, author_id) REFERENCES member
      );
      CREATE INDEX contribution_room ON contribution (community_id, room_id, type, at);
      SELECT sec.wall('contribution');

      -- Each member's latest rating of a statement.
      CREATE TABLE rating (
        community_id    uuid NOT NULL,
        contribution_id uuid NOT NULL,
        member_id       uuid NOT NULL,
        value           text NOT NULL CHECK (value IN ('agree', 'disagree', 'unsure')),
        at              timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, contribution_id, member_id),
        FOREIGN KEY (community_id, contribution_id) REFERENCES contribution,
        FOREIGN KEY (community_id, member_id) REFERENCES member
      );
      SELECT sec.wall('rating');

      -- Every rating there was, in the order in which it counted.
      CREATE TABLE rating_change (
        community_id    uuid NOT NULL,
        id              bigint GENERATED ALWAYS AS IDENTITY,
        contribution_id uuid NOT NULL,
        member_id       uuid NOT NULL,
        value           text NOT NULL,
        at              timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, contribution_id, member_id) REFERENCES rating
      );
      SELECT sec.wall('rating_change');

      CREATE TABLE asset (
        community_id     uuid NOT NULL REFERENCES community,
        id               uuid NOT NULL,
        kind             text NOT NULL CHECK (kind IN ('image', 'video')),
        title            text NOT NULL,
        description      text NOT NULL,
        width            int NOT NULL,
        height           int NOT NULL,
        duration_seconds int NOT NULL DEFAULT 0,
        -- When members first saw it on stage; before that it is for the team alone.
        released_at      timestamptz,
        PRIMARY KEY (community_id, id)
      );
      SELECT sec.wall('asset');

      CREATE TABLE asset_file (
        community_id uuid NOT NULL,
        asset_id     uuid NOT NULL,
        -- The last part of its address.
        name         text NOT NULL,
        purpose      text NOT NULL CHECK (purpose IN ('play', 'poster', 'captions')),
        media_type   text NOT NULL,
        -- Of captions.
        language     text,
        -- Names the bytes in the file store.
        sha256       text NOT NULL,
        place        int NOT NULL,
        PRIMARY KEY (community_id, asset_id, name),
        FOREIGN KEY (community_id, asset_id) REFERENCES asset
      );
      SELECT sec.wall('asset_file');
    `);
  }

  async down(db: QueryRunner) {
    await db.query('DROP TABLE asset_file, asset, rating_change, rating, contribution;');
  }
}
