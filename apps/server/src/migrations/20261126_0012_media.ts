import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files that are sent and what is made of them; assets in versions, to whom they are released, and who saw what. */
export class Media20261126000012 implements MigrationInterface {
  name = 'Media20261126000012';

  async up(db: QueryRunner) {
    await db.query(`
      -- A file on its way and after. The id is also the upload's.
      CREATE TABLE media (
        community_id uuid NOT NULL REFERENCES community,
        id           uuid NOT NULL,
        -- Null: the demo's own.
        owner_id     uuid,
        purpose      text NOT NULL CHECK (purpose IN ('asset', 'captions', 'submission')),
        -- The client's, so that an upload that is asked for again is the same.
        op           uuid,
        name         text NOT NULL,
        bytes        bigint NOT NULL CHECK (bytes >= 0),
        state        text NOT NULL CHECK (state IN ('receiving', 'verified', 'processing', 'ready', 'refused', 'expired',
          'removed')),
        kind         text CHECK (kind IN ('image', 'video', 'audio', 'document', 'captions')),
        refusal      text,
        width        int,
        height       int,
        duration_ms  bigint,
        pages        int,
        progress     real NOT NULL DEFAULT 0,
        -- Names the original in the store; gone where the original is gone.
        sha256       text,
        created_at   timestamptz NOT NULL DEFAULT now(),
        -- When bytes last came, or its state changed.
        moved_at     timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, id),
        UNIQUE (community_id, owner_id, op),
        FOREIGN KEY (community_id, owner_id) REFERENCES member,
        CHECK ((state = 'refused') = (refusal IS NOT NULL)),
        CHECK (state <> 'ready' OR kind IS NOT NULL)
      );
      CREATE INDEX media_receiving ON media (community_id, moved_at) WHERE state = 'receiving';
      SELECT sec.wall('media');
      REVOKE DELETE ON media FROM parley_runtime;

      -- What may be shown of it.
      CREATE TABLE rendition (
        community_id uuid NOT NULL,
        media_id     uuid NOT NULL,
        name         text NOT NULL,
        media_type   text NOT NULL,
        width        int,
        height       int,
        bytes        bigint NOT NULL,
        sha256       text NOT NULL,
        -- Of a track: codecs, bandwidth, and where its init part and its segments are in the file.
        film         jsonb,
        PRIMARY KEY (community_id, media_id, name),
        FOREIGN KEY (community_id, media_id) REFERENCES media
      );
      SELECT sec.wall('rendition');

      -- A still with one viewer's name on it.
      CREATE TABLE marked (
        community_id uuid NOT NULL,
        media_id     uuid NOT NULL,
        rendition    text NOT NULL,
        member_id    uuid NOT NULL,
        sha256       text NOT NULL,
        bytes        bigint NOT NULL,
        at           timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, media_id, rendition, member_id),
        FOREIGN KEY (community_id, media_id, rendition) REFERENCES rendition ON DELETE CASCADE,
        FOREIGN KEY (community_id, member_id) REFERENCES member
      );
      SELECT sec.wall('marked');

      -- What was served, to whom; written before the first byte leaves.
      CREATE TABLE media_view (
        community_id uuid NOT NULL,
        id           bigint GENERATED ALWAYS AS IDENTITY,
        media_id     uuid NOT NULL,
        -- Null: an admin of the install who opened the community.
        member_id    uuid,
        person_id    uuid NOT NULL REFERENCES person,
        rendition    text NOT NULL,
        part         text NOT NULL,
        bytes        bigint NOT NULL,
        at           timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, media_id) REFERENCES media,
        FOREIGN KEY (community_id, member_id) REFERENCES member
      );
      CREATE INDEX media_view_of ON media_view (community_id, media_id, id DESC);
      SELECT sec.wall('media_view');
      REVOKE UPDATE, DELETE ON media_view FROM parley_runtime;

      -- The file of an asset, its size and its length are those of its versions now.
      DROP TABLE asset_file;
      ALTER TABLE asset
        DROP CONSTRAINT asset_kind_check,
        ADD CONSTRAINT asset_kind_check CHECK (kind IN ('image', 'video', 'document')),
        DROP COLUMN width, DROP COLUMN height, DROP COLUMN duration_seconds,
        ADD COLUMN confidentiality   text NOT NULL DEFAULT 'private'
          CHECK (confidentiality IN ('open', 'private', 'secret')),
        -- No member sees it before.
        ADD COLUMN embargo_until     timestamptz,
        ADD COLUMN withdrawn_at      timestamptz,
        ADD COLUMN withdrawn_by      uuid,
        ADD COLUMN withdrawn_because text,
        -- Its files are gone.
        ADD COLUMN deleted_at        timestamptz,
        ADD COLUMN added_by          uuid,
        ADD COLUMN created_at        timestamptz NOT NULL DEFAULT now(),
        ADD FOREIGN KEY (community_id, withdrawn_by) REFERENCES member,
        ADD FOREIGN KEY (community_id, added_by) REFERENCES member,
        ADD CHECK ((withdrawn_at IS NULL) = (withdrawn_because IS NULL)),
        ADD CHECK (deleted_at IS NULL OR withdrawn_at IS NOT NULL);

      CREATE TABLE asset_version (
        community_id uuid NOT NULL,
        asset_id     uuid NOT NULL,
        n            int NOT NULL CHECK (n > 0),
        media_id     uuid NOT NULL,
        -- The contract's TimeMap to version n - 1.
        map          jsonb,
        by_id        uuid,
        at           timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, asset_id, n),
        UNIQUE (community_id, media_id),
        FOREIGN KEY (community_id, asset_id) REFERENCES asset,
        FOREIGN KEY (community_id, media_id) REFERENCES media,
        FOREIGN KEY (community_id, by_id) REFERENCES member,
        CHECK (n > 1 OR map IS NULL)
      );
      SELECT sec.wall('asset_version');

      CREATE TABLE version_captions (
        community_id uuid NOT NULL,
        asset_id     uuid NOT NULL,
        n            int NOT NULL,
        language     text NOT NULL,
        media_id     uuid NOT NULL,
        PRIMARY KEY (community_id, asset_id, n, language),
        UNIQUE (community_id, media_id),
        FOREIGN KEY (community_id, asset_id, n) REFERENCES asset_version,
        FOREIGN KEY (community_id, media_id) REFERENCES media
      );
      SELECT sec.wall('version_captions');

      CREATE TABLE asset_release (
        community_id uuid NOT NULL,
        id           uuid NOT NULL,
        asset_id     uuid NOT NULL,
        -- Null: all members.
        segment_id   uuid,
        from_at      timestamptz NOT NULL,
        until_at     timestamptz,
        by_id        uuid NOT NULL,
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, asset_id) REFERENCES asset,
        FOREIGN KEY (community_id, segment_id) REFERENCES segment ON DELETE CASCADE,
        FOREIGN KEY (community_id, by_id) REFERENCES member,
        CHECK (until_at IS NULL OR from_at < until_at)
      );
      CREATE INDEX asset_release_of ON asset_release (community_id, asset_id);
      SELECT sec.wall('asset_release');

      -- Who said that they keep a secret asset to themselves.
      CREATE TABLE asset_promise (
        community_id uuid NOT NULL,
        asset_id     uuid NOT NULL,
        member_id    uuid NOT NULL,
        at           timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, asset_id, member_id),
        FOREIGN KEY (community_id, asset_id) REFERENCES asset,
        FOREIGN KEY (community_id, member_id) REFERENCES member
      );
      SELECT sec.wall('asset_promise');

      ALTER TABLE cue
        DROP CONSTRAINT cue_kind_check,
        ADD CONSTRAINT cue_kind_check CHECK (kind IN ('text', 'picture', 'pair', 'page', 'video', 'rate')),
        ADD COLUMN other_asset_id uuid,
        ADD COLUMN page int,
        ADD FOREIGN KEY (community_id, other_asset_id) REFERENCES asset;
      -- Which version of the asset was on stage: what is compared later is compared with that.
      ALTER TABLE round ADD COLUMN asset_version int;
    `);
  }

  async down(db: QueryRunner) {
    await db.query(`
      ALTER TABLE round DROP COLUMN asset_version;
      DELETE FROM cue WHERE kind IN ('pair', 'page');
      ALTER TABLE cue DROP COLUMN other_asset_id, DROP COLUMN page, DROP CONSTRAINT cue_kind_check,
        ADD CONSTRAINT cue_kind_check CHECK (kind IN ('text', 'picture', 'video', 'rate'));
      DROP TABLE asset_promise, asset_release, version_captions, asset_version, media_view, marked, rendition, media;
      ALTER TABLE asset DROP COLUMN confidentiality, DROP COLUMN embargo_until, DROP COLUMN withdrawn_at,
        DROP COLUMN withdrawn_by, DROP COLUMN withdrawn_because, DROP COLUMN deleted_at, DROP COLUMN added_by,
        DROP COLUMN created_at, ADD COLUMN width int NOT NULL DEFAULT 0, ADD COLUMN height int NOT NULL DEFAULT 0,
        ADD COLUMN duration_seconds int NOT NULL DEFAULT 0;
      CREATE TABLE asset_file (
        community_id uuid NOT NULL,
        asset_id     uuid NOT NULL,
        name         text NOT NULL,
        purpose      text NOT NULL CHECK (purpose IN ('play', 'poster', 'captions')),
        media_type   text NOT NULL,
        language     text,
        sha256       text NOT NULL,
        place        int NOT NULL,
        PRIMARY KEY (community_id, asset_id, name),
        FOREIGN KEY (community_id, asset_id) REFERENCES asset
      );
      SELECT sec.wall('asset_file');
    `);
  }
}
