import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whom a place is for; ideas with what has to be known first, their versions, their ratings and what becomes of them. */
export class Ideas20261127000015 implements MigrationInterface {
  name = 'Ideas20261127000015';

  async up(db: QueryRunner) {
    await db.query(`
      ALTER TABLE member
        ADD COLUMN type   text NOT NULL DEFAULT 'customer'
          CHECK (type IN ('customer', 'nonCustomer', 'former', 'partner', 'supplier')),
        -- In the trusted circle.
        ADD COLUMN circle boolean NOT NULL DEFAULT false;

      ALTER TABLE space DROP CONSTRAINT space_kind_check,
        ADD CONSTRAINT space_kind_check CHECK (kind IN ('session', 'update', 'activity', 'discussion', 'challenge', 'jobs',
          'suggestions')),
        -- For members of these types; null: of every type.
        ADD COLUMN for_types text[] CHECK (for_types <> '{}'),
        ADD COLUMN circle    boolean NOT NULL DEFAULT false;

      -- Whether a member, or without one an overseer, sees what is in a space. The team sees all.
      CREATE FUNCTION space_seen(s space, who uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
        SELECT (s.for_types IS NULL AND NOT s.circle) OR who IS NULL OR EXISTS (
          SELECT FROM member m WHERE m.community_id = s.community_id AND m.id = who AND (m.role <> 'member'
            OR ((s.for_types IS NULL OR m.type = ANY (s.for_types)) AND (NOT s.circle OR m.circle))))
      $$;

      ALTER TABLE contribution DROP CONSTRAINT contribution_type_check,
        ADD CONSTRAINT contribution_type_check CHECK (type IN ('comment', 'statement', 'reply', 'submission', 'topic', 'post',
          'idea')),
        -- Grows when its author refines what others have rated.
        ADD COLUMN version int NOT NULL DEFAULT 1;

      -- Ratings are of a version.
      ALTER TABLE rating_change DROP CONSTRAINT rating_change_community_id_contribution_id_member_id_fkey;
      ALTER TABLE rating DROP CONSTRAINT rating_pkey,
        ADD COLUMN version  int NOT NULL DEFAULT 1,
        ADD COLUMN matters  boolean NOT NULL DEFAULT false,
        -- Its member had read what there is to know first.
        ADD COLUMN informed boolean NOT NULL DEFAULT false,
        ADD PRIMARY KEY (community_id, contribution_id, member_id, version);
      ALTER TABLE rating_change
        ADD COLUMN version  int NOT NULL DEFAULT 1,
        ADD COLUMN matters  boolean NOT NULL DEFAULT false,
        ADD FOREIGN KEY (community_id, contribution_id, member_id, version) REFERENCES rating;
      CREATE INDEX rating_member ON rating (community_id, member_id, at DESC);

      -- A place for ideas: a challenge, what the product is used for, or small suggestions.
      CREATE TABLE idea_place (
        community_id     uuid NOT NULL,
        id               uuid NOT NULL,
        context_required boolean NOT NULL,
        closes_at        timestamptz,
        -- Within how many days each idea is looked at.
        acknowledge_days int NOT NULL CHECK (acknowledge_days > 0),
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, id) REFERENCES space
      );
      SELECT sec.wall('idea_place');

      -- Of small suggestions: who looks after what, close to where it is done.
      CREATE TABLE idea_area (
        community_id uuid NOT NULL,
        id           uuid NOT NULL,
        place_id     uuid NOT NULL,
        label        text NOT NULL CHECK (label <> ''),
        owner_id     uuid NOT NULL,
        n            int NOT NULL,
        PRIMARY KEY (community_id, id),
        UNIQUE (community_id, place_id, id),
        FOREIGN KEY (community_id, place_id) REFERENCES idea_place,
        FOREIGN KEY (community_id, owner_id) REFERENCES member
      );
      SELECT sec.wall('idea_area');

      CREATE TABLE context_card (
        community_id uuid NOT NULL,
        id           uuid NOT NULL,
        place_id     uuid NOT NULL,
        n            int NOT NULL,
        kind         text NOT NULL CHECK (kind IN ('goal', 'constraint', 'cost', 'tried', 'article')),
        title        text NOT NULL CHECK (title <> ''),
        body         text NOT NULL CHECK (body <> ''),
        version      int NOT NULL DEFAULT 1,
        by_id        uuid NOT NULL,
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, place_id) REFERENCES idea_place,
        FOREIGN KEY (community_id, by_id) REFERENCES member
      );
      CREATE INDEX context_card_place ON context_card (community_id, place_id, n);
      SELECT sec.wall('context_card');

      -- What it said before it was corrected.
      CREATE TABLE context_card_version (
        community_id uuid NOT NULL,
        card_id      uuid NOT NULL,
        n            int NOT NULL,
        title        text NOT NULL,
        body         text NOT NULL,
        until        timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, card_id, n),
        FOREIGN KEY (community_id, card_id) REFERENCES context_card
      );
      SELECT sec.wall('context_card_version');
      REVOKE UPDATE, DELETE ON context_card_version FROM parley_runtime;

      CREATE TABLE context_read (
        community_id uuid NOT NULL,
        card_id      uuid NOT NULL,
        member_id    uuid NOT NULL,
        -- When it was first before them; and when that had been long enough.
        opened_at    timestamptz NOT NULL DEFAULT now(),
        read_at      timestamptz,
        PRIMARY KEY (community_id, card_id, member_id),
        FOREIGN KEY (community_id, card_id) REFERENCES context_card,
        FOREIGN KEY (community_id, member_id) REFERENCES member
      );
      SELECT sec.wall('context_read');

      CREATE TABLE idea (
        community_id    uuid NOT NULL,
        -- The contribution's, and the topic's.
        id              uuid NOT NULL,
        place_id        uuid NOT NULL,
        at              timestamptz NOT NULL DEFAULT now(),
        -- The contract's IdeaParts, of this version.
        parts           jsonb NOT NULL,
        -- Read from the two states of the contribution by idea_status, with each change of them.
        status          text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'inReview', 'planned', 'inProgress', 'delivered',
          'later', 'notNow', 'alreadyThere', 'answered', 'merged')),
        -- Since when it has that status; and since when it is worked on.
        status_at       timestamptz NOT NULL DEFAULT now(),
        started_at      timestamptz,
        note            text,
        area_id         uuid,
        owner_id        uuid,
        acknowledge_by  timestamptz NOT NULL,
        acknowledged_at timestamptz,
        acknowledged_by uuid,
        -- Ratings of this version, counted with each.
        agree           int NOT NULL DEFAULT 0,
        disagree        int NOT NULL DEFAULT 0,
        unsure          int NOT NULL DEFAULT 0,
        matters         int NOT NULL DEFAULT 0,
        informed_agree  int NOT NULL DEFAULT 0,
        informed_seen   int NOT NULL DEFAULT 0,
        -- By what it rises.
        score           double precision NOT NULL DEFAULT 0,
        -- The contract's Idea.imported.
        imported        jsonb,
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, id) REFERENCES topic,
        FOREIGN KEY (community_id, place_id) REFERENCES idea_place,
        FOREIGN KEY (community_id, place_id, area_id) REFERENCES idea_area (community_id, place_id, id),
        FOREIGN KEY (community_id, owner_id) REFERENCES member,
        FOREIGN KEY (community_id, acknowledged_by) REFERENCES member
      );
      CREATE INDEX idea_new ON idea (community_id, place_id, at DESC, id DESC);
      CREATE INDEX idea_status ON idea (community_id, place_id, status, at DESC, id DESC);
      CREATE INDEX idea_top ON idea (community_id, place_id, score DESC, id DESC);
      CREATE INDEX idea_seen ON idea (community_id, place_id, (agree + disagree + unsure), id);
      CREATE INDEX idea_waiting ON idea (community_id, acknowledge_by, id) WHERE acknowledged_at IS NULL;
      CREATE INDEX idea_owner ON idea (community_id, owner_id, acknowledge_by, id);
      CREATE UNIQUE INDEX idea_imported ON idea (community_id, place_id, (imported ->> 'from'), (imported ->> 'key'))
        WHERE imported IS NOT NULL;
      SELECT sec.wall('idea');
      REVOKE DELETE ON idea FROM parley_runtime;

      -- What it said before it was refined, and what members thought of that.
      CREATE TABLE idea_version (
        community_id   uuid NOT NULL,
        idea_id        uuid NOT NULL,
        n              int NOT NULL,
        title          text NOT NULL,
        parts          jsonb NOT NULL,
        note           text NOT NULL,
        by_id          uuid NOT NULL,
        until          timestamptz NOT NULL DEFAULT now(),
        agree          int NOT NULL,
        disagree       int NOT NULL,
        unsure         int NOT NULL,
        matters        int NOT NULL,
        informed_agree int NOT NULL,
        informed_seen  int NOT NULL,
        PRIMARY KEY (community_id, idea_id, n),
        FOREIGN KEY (community_id, idea_id) REFERENCES idea,
        FOREIGN KEY (community_id, by_id) REFERENCES member
      );
      SELECT sec.wall('idea_version');
      REVOKE UPDATE, DELETE ON idea_version FROM parley_runtime;

      CREATE TABLE idea_author (
        community_id uuid NOT NULL,
        idea_id      uuid NOT NULL,
        member_id    uuid NOT NULL,
        agreed_at    timestamptz,
        declined_at  timestamptz,
        PRIMARY KEY (community_id, idea_id, member_id),
        FOREIGN KEY (community_id, idea_id) REFERENCES idea,
        FOREIGN KEY (community_id, member_id) REFERENCES member
      );
      SELECT sec.wall('idea_author');

      -- What an idea is called, from what became of the contribution.
      CREATE FUNCTION idea_status(moderation text, loop text, outcome text, started timestamptz) RETURNS text
      LANGUAGE sql IMMUTABLE AS $$
        SELECT CASE
          WHEN moderation = 'merged' THEN 'merged'
          WHEN loop IN ('received', 'read', 'grouped') THEN 'new'
          WHEN loop IN ('considered', 'reopened') THEN 'inReview'
          WHEN loop IN ('delivered', 'verified', 'disputed') THEN 'delivered'
          WHEN outcome IN ('adopted', 'adapted') THEN CASE WHEN started IS NULL THEN 'planned' ELSE 'inProgress' END
          WHEN outcome = 'deferred' THEN 'later'
          WHEN outcome = 'declined' THEN 'notNow'
          WHEN outcome = 'alreadyThere' THEN 'alreadyThere'
          ELSE 'answered' END
      $$;
      -- In quotes: without, PL/pgSQL takes the column for its own word.
      CREATE FUNCTION idea_follows() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE idea SET status = s.now, status_at = now(),
          acknowledged_at = CASE WHEN s.now <> 'new' THEN coalesce(acknowledged_at, now()) ELSE acknowledged_at END
        FROM (SELECT idea_status(NEW.moderation, NEW."loop", NEW.outcome, i.started_at) AS now FROM idea i
          WHERE i.community_id = NEW.community_id AND i.id = NEW.id) AS s
        WHERE idea.community_id = NEW.community_id AND idea.id = NEW.id AND idea.status <> s.now;
        RETURN NULL;
      END $$;
      CREATE TRIGGER idea_follows AFTER UPDATE OF moderation, loop, outcome ON contribution
        FOR EACH ROW WHEN (NEW.type = 'idea') EXECUTE FUNCTION idea_follows();

      DROP INDEX contribution_alike;
      CREATE INDEX contribution_alike ON contribution USING gin (body gin_trgm_ops)
        WHERE type IN ('topic', 'idea', 'post', 'statement');
    `);
  }

  async down(db: QueryRunner) {
    await db.query(`
      DROP INDEX contribution_alike;
      CREATE INDEX contribution_alike ON contribution USING gin (body gin_trgm_ops) WHERE type IN ('topic', 'post', 'statement');
      DROP TRIGGER idea_follows ON contribution;
      DROP FUNCTION idea_follows;
      DROP TABLE idea_author, idea_version, idea, context_read, context_card_version, context_card, idea_area, idea_place;
      DROP FUNCTION idea_status(text, text, text, timestamptz);
      DROP INDEX rating_member;
      ALTER TABLE rating_change DROP CONSTRAINT rating_change_community_id_contribution_id_member_id_versi_fkey,
        DROP COLUMN version, DROP COLUMN matters;
      ALTER TABLE rating DROP CONSTRAINT rating_pkey, DROP COLUMN version, DROP COLUMN matters, DROP COLUMN informed,
        ADD PRIMARY KEY (community_id, contribution_id, member_id);
      ALTER TABLE rating_change ADD FOREIGN KEY (community_id, contribution_id, member_id) REFERENCES rating;
      ALTER TABLE contribution DROP COLUMN version, DROP CONSTRAINT contribution_type_check,
        ADD CONSTRAINT contribution_type_check CHECK (type IN ('comment', 'statement', 'reply', 'submission', 'topic', 'post'));
      DROP FUNCTION space_seen(space, uuid);
      ALTER TABLE space DROP COLUMN for_types, DROP COLUMN circle, DROP CONSTRAINT space_kind_check,
        ADD CONSTRAINT space_kind_check CHECK (kind IN ('session', 'update', 'activity', 'discussion'));
      ALTER TABLE member DROP COLUMN type, DROP COLUMN circle;
    `);
  }
}
