import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Promises to report back, and the Updates that keep them. */
export class Loop20261126000010 implements MigrationInterface {
  name = 'Loop20261126000010';

  async up(db: QueryRunner) {
    await db.query(`
      -- "You said, we did" or "not now, because".
      CREATE TABLE loop_update (
        community_id        uuid NOT NULL,
        -- Also of the space in which it is spoken of, once it is out.
        id                  uuid NOT NULL,
        status              text NOT NULL CHECK (status IN ('draft', 'inApproval', 'approved', 'scheduled',
          'outToContributors', 'outToCommunity', 'outToPublic', 'withdrawn')),
        version             int NOT NULL,
        owner_id            uuid NOT NULL,
        title               text NOT NULL CHECK (title <> ''),
        you_said            text NOT NULL CHECK (you_said <> ''),
        we_did              text,
        because             text,
        outcome             text NOT NULL CHECK (outcome IN ('adopted', 'adapted', 'deferred', 'declined',
          'alreadyThere', 'informedOnly')),
        -- Until when it is deferred, or by when it is delivered.
        due_on              date,
        before_asset_id     uuid,
        after_asset_id      uuid,
        -- Whose promise it keeps, where it does.
        space_id            uuid,
        keeps_promise       boolean NOT NULL,
        shareable           boolean NOT NULL,
        -- When each audience is to learn of it, and when it did.
        contributors_at     timestamptz,
        community_at        timestamptz,
        public_at           timestamptz,
        contributors_out_at timestamptz,
        community_out_at    timestamptz,
        public_out_at       timestamptz,
        -- Counted when it goes out.
        contributors        int NOT NULL DEFAULT 0,
        contributions       int NOT NULL DEFAULT 0,
        delivered_at        timestamptz,
        judge_until         timestamptz,
        verified_at         timestamptz,
        reopened_at         timestamptz,
        -- Verdicts, counted with each.
        yes                 int NOT NULL DEFAULT 0,
        partly              int NOT NULL DEFAULT 0,
        no                  int NOT NULL DEFAULT 0,
        withdrawn_at        timestamptz,
        withdrawn_because   text,
        consultation_id     uuid,
        created_at          timestamptz NOT NULL DEFAULT now(),
        updated_at          timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, owner_id) REFERENCES member,
        FOREIGN KEY (community_id, before_asset_id) REFERENCES asset,
        FOREIGN KEY (community_id, after_asset_id) REFERENCES asset,
        FOREIGN KEY (community_id, space_id) REFERENCES space,
        FOREIGN KEY (community_id, consultation_id) REFERENCES space,
        -- Declining and deferring need a reason.
        CHECK (outcome NOT IN ('declined', 'deferred') OR because <> '' AND because IS NOT NULL),
        CHECK (outcome <> 'deferred' OR due_on IS NOT NULL),
        CHECK (NOT keeps_promise OR space_id IS NOT NULL),
        -- Insiders first: contributors, then the community, then the public; as planned and as it came.
        CONSTRAINT insiders_first_planned CHECK (
          (community_at IS NULL OR (contributors_at IS NOT NULL AND contributors_at <= community_at))
          AND (public_at IS NULL OR (community_at IS NOT NULL AND community_at <= public_at))),
        CONSTRAINT insiders_first CHECK (
          (community_out_at IS NULL OR (contributors_out_at IS NOT NULL AND contributors_out_at <= community_out_at))
          AND (public_out_at IS NULL OR (community_out_at IS NOT NULL AND community_out_at <= public_out_at))),
        -- Nobody learns of it before the time that was set, and nothing that was not approved is out.
        CONSTRAINT out_when_planned CHECK (
          (contributors_out_at IS NULL OR (contributors_at IS NOT NULL AND contributors_at <= contributors_out_at))
          AND (community_out_at IS NULL OR (community_at IS NOT NULL AND community_at <= community_out_at))
          AND (public_out_at IS NULL OR (public_at IS NOT NULL AND public_at <= public_out_at))),
        CONSTRAINT out_as_it_says CHECK (
          (contributors_out_at IS NOT NULL) = (status IN ('outToContributors', 'outToCommunity', 'outToPublic', 'withdrawn'))
          AND (community_out_at IS NOT NULL) >= (status IN ('outToCommunity', 'outToPublic'))
          AND (public_out_at IS NOT NULL) >= (status = 'outToPublic')
          AND (withdrawn_at IS NOT NULL AND withdrawn_because IS NOT NULL) = (status = 'withdrawn')
          AND (status <> 'scheduled' OR contributors_at IS NOT NULL)),
        CHECK ((delivered_at IS NULL) = (judge_until IS NULL))
      );
      CREATE INDEX loop_update_feed ON loop_update (community_id, community_out_at DESC, id DESC)
        WHERE community_out_at IS NOT NULL;
      CREATE INDEX loop_update_early ON loop_update (community_id, contributors_out_at DESC)
        WHERE contributors_out_at IS NOT NULL AND community_out_at IS NULL;
      CREATE INDEX loop_update_due ON loop_update (community_id)
        WHERE status IN ('scheduled', 'outToContributors', 'outToCommunity');
      CREATE INDEX loop_update_space ON loop_update (community_id, space_id);
      SELECT sec.wall('loop_update');
      REVOKE DELETE ON loop_update FROM parley_runtime;

      -- What it answers. theme_id where it came in with a theme.
      CREATE TABLE update_source (
        community_id    uuid NOT NULL,
        update_id       uuid NOT NULL,
        contribution_id uuid NOT NULL,
        author_id       uuid NOT NULL,
        theme_id        uuid,
        PRIMARY KEY (community_id, update_id, contribution_id),
        FOREIGN KEY (community_id, update_id) REFERENCES loop_update,
        FOREIGN KEY (community_id, contribution_id) REFERENCES contribution,
        FOREIGN KEY (community_id, author_id) REFERENCES member,
        FOREIGN KEY (community_id, theme_id) REFERENCES theme
      );
      CREATE INDEX update_source_author ON update_source (community_id, author_id, update_id);
      CREATE INDEX update_source_contribution ON update_source (community_id, contribution_id);
      SELECT sec.wall('update_source');

      CREATE TABLE update_theme (
        community_id uuid NOT NULL,
        update_id    uuid NOT NULL,
        theme_id     uuid NOT NULL,
        PRIMARY KEY (community_id, update_id, theme_id),
        FOREIGN KEY (community_id, update_id) REFERENCES loop_update,
        FOREIGN KEY (community_id, theme_id) REFERENCES theme
      );
      SELECT sec.wall('update_theme');

      -- Where what it answers was said: there it is read as well. Written when it goes out.
      CREATE TABLE update_space (
        community_id uuid NOT NULL,
        space_id     uuid NOT NULL,
        update_id    uuid NOT NULL,
        PRIMARY KEY (community_id, space_id, update_id),
        FOREIGN KEY (community_id, space_id) REFERENCES space,
        FOREIGN KEY (community_id, update_id) REFERENCES loop_update
      );
      SELECT sec.wall('update_space');

      -- What it said before it was corrected, and what was wrong.
      CREATE TABLE update_version (
        community_id uuid NOT NULL,
        update_id    uuid NOT NULL,
        version      int NOT NULL,
        -- The contract's UpdateBody.
        body         jsonb NOT NULL,
        note         text NOT NULL,
        by_id        uuid NOT NULL,
        at           timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, update_id, version),
        FOREIGN KEY (community_id, update_id) REFERENCES loop_update,
        FOREIGN KEY (community_id, by_id) REFERENCES member
      );
      SELECT sec.wall('update_version');

      CREATE TABLE update_approval (
        community_id uuid NOT NULL,
        update_id    uuid NOT NULL,
        version      int NOT NULL,
        -- First is 1.
        step         int NOT NULL,
        by_id        uuid NOT NULL,
        approved     boolean NOT NULL,
        note         text,
        at           timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, update_id, version, step),
        FOREIGN KEY (community_id, update_id) REFERENCES loop_update,
        FOREIGN KEY (community_id, by_id) REFERENCES member
      );
      SELECT sec.wall('update_approval');

      -- Who approves Updates, in order: the contract's ApprovalStep; without a row nobody needs to.
      CREATE TABLE approval_rule (
        community_id uuid PRIMARY KEY REFERENCES community,
        steps        jsonb NOT NULL
      );
      SELECT sec.wall('approval_rule');

      CREATE TABLE verdict (
        community_id uuid NOT NULL,
        update_id    uuid NOT NULL,
        member_id    uuid NOT NULL,
        verdict      text NOT NULL CHECK (verdict IN ('yes', 'partly', 'no')),
        at           timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, update_id, member_id),
        FOREIGN KEY (community_id, update_id) REFERENCES loop_update,
        FOREIGN KEY (community_id, member_id) REFERENCES member
      );
      SELECT sec.wall('verdict');

      -- That members hear back of a space, by the day that stands there. One at a time: what is opened again is promised
      -- again.
      CREATE TABLE promise (
        community_id   uuid NOT NULL,
        space_id       uuid NOT NULL,
        n              int NOT NULL DEFAULT 1 CHECK (n > 0),
        status         text NOT NULL DEFAULT 'made' CHECK (status IN ('made', 'dueSoon', 'late', 'kept', 'broken')),
        first_due_on   date NOT NULL,
        -- How far a late one has gone: 0 nowhere, 1 its owner, 2 the managers, 3 the brand.
        escalated      int NOT NULL DEFAULT 0,
        kept_by        uuid,
        broken_because text,
        ended_at       timestamptz,
        -- The day that stood when it ended.
        ended_due_on   date,
        PRIMARY KEY (community_id, space_id, n),
        FOREIGN KEY (community_id, space_id) REFERENCES space,
        FOREIGN KEY (community_id, kept_by) REFERENCES loop_update,
        CONSTRAINT promise_kept CHECK ((status = 'kept') = (kept_by IS NOT NULL)),
        CONSTRAINT promise_broken CHECK ((status = 'broken') = (coalesce(broken_because, '') <> '')),
        CONSTRAINT promise_ended CHECK ((status IN ('kept', 'broken')) = (ended_at IS NOT NULL)
          AND (ended_at IS NULL) = (ended_due_on IS NULL))
      );
      CREATE UNIQUE INDEX promise_open ON promise (community_id, space_id) WHERE ended_at IS NULL;
      SELECT sec.wall('promise');

      CREATE TABLE promise_move (
        community_id uuid NOT NULL,
        id           bigint GENERATED ALWAYS AS IDENTITY,
        space_id     uuid NOT NULL,
        n            int NOT NULL,
        from_on      date NOT NULL,
        to_on        date NOT NULL,
        reason       text NOT NULL CHECK (reason <> ''),
        by_id        uuid NOT NULL,
        at           timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, space_id, n) REFERENCES promise,
        FOREIGN KEY (community_id, by_id) REFERENCES member
      );
      CREATE INDEX promise_move_space ON promise_move (community_id, space_id, n, id);
      SELECT sec.wall('promise_move');
      REVOKE DELETE ON promise FROM parley_runtime;
      REVOKE UPDATE, DELETE ON promise_move, update_version, update_approval FROM parley_runtime;

      INSERT INTO promise (community_id, space_id, first_due_on) SELECT community_id, id, answer_by FROM space;

      -- What is asked of members is asked with a promise, or not at all.
      CREATE FUNCTION space_needs_promise() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.kind <> 'update' AND NOT EXISTS (SELECT FROM promise WHERE community_id = NEW.community_id AND space_id = NEW.id)
        THEN RAISE EXCEPTION 'space % has no promise', NEW.id USING ERRCODE = 'check_violation'; END IF;
        RETURN NULL;
      END $$;
      CREATE CONSTRAINT TRIGGER space_needs_promise AFTER INSERT ON space DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION space_needs_promise();

      -- An end is an end.
      CREATE FUNCTION promise_stays_ended() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF OLD.ended_at IS NOT NULL AND ROW (NEW.*) IS DISTINCT FROM ROW (OLD.*)
        THEN RAISE EXCEPTION 'promise % has ended', OLD.space_id USING ERRCODE = 'check_violation'; END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER promise_stays_ended BEFORE UPDATE ON promise FOR EACH ROW EXECUTE FUNCTION promise_stays_ended();
    `);
  }

  async down(db: QueryRunner) {
    await db.query(`
      DROP TRIGGER space_needs_promise ON space;
      DROP TABLE promise_move, promise, verdict, approval_rule, update_approval, update_version, update_space, update_theme,
        update_source, loop_update;
      DROP FUNCTION space_needs_promise, promise_stays_ended;
    `);
  }
}
