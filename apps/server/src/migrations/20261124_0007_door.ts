import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Invitations, the screener, quotas, and those on their way in. */
export class Door20261124000007 implements MigrationInterface {
  name = 'Door20261124000007';

  async up(db: QueryRunner) {
    await db.query(`
      -- What a mail is about, so that it can be followed and erased; and what the mail server said when it refused it.
      ALTER TABLE mail ADD COLUMN about uuid, ADD COLUMN refused text;
      CREATE INDEX mail_about ON mail (about, created_at) WHERE about IS NOT NULL;
      CREATE INDEX mail_recipient ON mail (recipient, created_at) WHERE about IS NOT NULL;
      CREATE INDEX mail_refused ON mail (about) WHERE refused IS NOT NULL;

      -- Which communities there are, for work by the clock that goes through them one by one. Ids alone.
      CREATE TABLE tenant (id uuid PRIMARY KEY);
      ALTER TABLE community NO FORCE ROW LEVEL SECURITY;
      INSERT INTO tenant SELECT id FROM community;
      ALTER TABLE community FORCE ROW LEVEL SECURITY;
      CREATE FUNCTION list_tenant() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO tenant VALUES (new.id); RETURN new; END $$;
      CREATE TRIGGER list_tenant AFTER INSERT ON community FOR EACH ROW EXECUTE FUNCTION list_tenant();
      GRANT SELECT, INSERT ON tenant TO parley_runtime;

      CREATE TABLE source (
        community_id uuid NOT NULL REFERENCES community,
        id           uuid NOT NULL,
        kind         text NOT NULL CHECK (kind IN ('link', 'mail')),
        label        text NOT NULL,
        placement    text NOT NULL,
        note         text NOT NULL,
        -- Of mails.
        locale       text NOT NULL,
        -- Of a link: it stands on pages for all to see, so it is no secret.
        token        text,
        use_limit    int,
        uses         int NOT NULL DEFAULT 0,
        opened       int NOT NULL DEFAULT 0,
        invited_by   uuid NOT NULL,
        created_at   timestamptz NOT NULL DEFAULT now(),
        expires_at   timestamptz,
        closed_at    timestamptz,
        PRIMARY KEY (community_id, id),
        UNIQUE (community_id, token),
        FOREIGN KEY (community_id, invited_by) REFERENCES member,
        CHECK ((kind = 'link') = (token IS NOT NULL)),
        CHECK (uses <= use_limit)
      );
      SELECT sec.wall('source');

      CREATE TABLE invitation (
        community_id uuid NOT NULL,
        id           uuid NOT NULL,
        source_id    uuid NOT NULL,
        -- Null once its person has withdrawn.
        email        text CHECK (email = lower(email)),
        name         text NOT NULL,
        -- SHA-256; what was mailed is stored nowhere.
        token_hash   bytea NOT NULL,
        status       text NOT NULL CHECK (status IN ('sent', 'opened', 'accepted', 'declined', 'revoked')),
        changed_at   timestamptz NOT NULL DEFAULT now(),
        expires_at   timestamptz NOT NULL,
        PRIMARY KEY (community_id, id),
        UNIQUE (community_id, token_hash),
        FOREIGN KEY (community_id, source_id) REFERENCES source
      );
      CREATE INDEX invitation_source ON invitation (community_id, source_id, changed_at);
      -- Nobody is invited twice at a time.
      CREATE UNIQUE INDEX invitation_open ON invitation (community_id, email) WHERE status IN ('sent', 'opened');
      SELECT sec.wall('invitation');

      CREATE TABLE screener (
        community_id uuid NOT NULL REFERENCES community,
        version      int NOT NULL CHECK (version > 0),
        body         jsonb NOT NULL,
        created_at   timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, version)
      );
      SELECT sec.wall('screener');

      CREATE TABLE quota_plan (
        community_id uuid NOT NULL REFERENCES community,
        version      int NOT NULL CHECK (version > 0),
        active       boolean NOT NULL,
        created_at   timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, version)
      );
      CREATE UNIQUE INDEX quota_plan_active ON quota_plan (community_id) WHERE active;
      SELECT sec.wall('quota_plan');

      -- Everybody (total), those of a rule (cap), or a least share of them. Of a share the others are counted too.
      CREATE TABLE quota_cell (
        community_id   uuid NOT NULL,
        id             uuid NOT NULL,
        plan_version   int NOT NULL,
        kind           text NOT NULL CHECK (kind IN ('total', 'cap', 'share')),
        place          int NOT NULL,
        label          text NOT NULL,
        rule           jsonb NOT NULL,
        target         int,
        soft           int,
        hard           int,
        least          int CHECK (least BETWEEN 1 AND 99),
        filled         int NOT NULL DEFAULT 0 CHECK (filled >= 0),
        reserved       int NOT NULL DEFAULT 0 CHECK (reserved >= 0),
        other_filled   int NOT NULL DEFAULT 0 CHECK (other_filled >= 0),
        other_reserved int NOT NULL DEFAULT 0 CHECK (other_reserved >= 0),
        PRIMARY KEY (community_id, plan_version, id),
        FOREIGN KEY (community_id, plan_version) REFERENCES quota_plan
      );
      SELECT sec.wall('quota_cell');

      CREATE TABLE application (
        community_id      uuid NOT NULL,
        id                uuid NOT NULL,
        source_id         uuid NOT NULL,
        invitation_id     uuid,
        screener_version  int NOT NULL,
        status            text NOT NULL CHECK (status IN
          ('screening', 'notThisTime', 'waiting', 'offered', 'reserved', 'admitted', 'withdrawn')),
        locale            text NOT NULL,
        answers           jsonb NOT NULL DEFAULT '{}',
        facts             jsonb NOT NULL DEFAULT '{}',
        -- [{ purpose, version, at }]; null until given.
        consents          jsonb,
        handle            text NOT NULL DEFAULT '',
        email             text CHECK (email = lower(email)),
        email_verified_at timestamptz,
        code_hash         bytea,
        code_tries        int NOT NULL DEFAULT 0,
        code_until        timestamptz,
        -- Where a kept place is counted: cells of the plan that stands.
        cell_ids          uuid[] NOT NULL DEFAULT '{}',
        reserved_until    timestamptz,
        -- Waits whatever the quotas say: an answer led there.
        kept_waiting      boolean NOT NULL DEFAULT false,
        waiting_since     timestamptz,
        offers            int NOT NULL DEFAULT 0,
        offered_at        timestamptz,
        member_id         uuid,
        voice             text,
        voice_at          timestamptz,
        voice_read_by     uuid,
        voice_read_at     timestamptz,
        voice_reply       text NOT NULL DEFAULT '',
        created_at        timestamptz NOT NULL DEFAULT now(),
        decided_at        timestamptz,
        admitted_at       timestamptz,
        PRIMARY KEY (community_id, id),
        FOREIGN KEY (community_id, source_id) REFERENCES source,
        FOREIGN KEY (community_id, invitation_id) REFERENCES invitation,
        FOREIGN KEY (community_id, screener_version) REFERENCES screener,
        FOREIGN KEY (community_id, member_id) REFERENCES member,
        FOREIGN KEY (community_id, voice_read_by) REFERENCES member
      );
      CREATE UNIQUE INDEX application_invitation ON application (community_id, invitation_id)
        WHERE status <> 'withdrawn';
      -- One person, one application.
      CREATE UNIQUE INDEX application_email ON application (community_id, email)
        WHERE email_verified_at IS NOT NULL AND status <> 'withdrawn';
      CREATE INDEX application_waiting ON application (community_id, waiting_since) WHERE status = 'waiting';
      CREATE INDEX application_held ON application (community_id, reserved_until)
        WHERE status IN ('reserved', 'offered');
      CREATE INDEX application_source ON application (community_id, source_id, status);
      SELECT sec.wall('application');
    `);
  }

  async down(db: QueryRunner) {
    await db.query(`
      DROP TABLE application, quota_cell, quota_plan, screener, invitation, source;
      DROP TRIGGER list_tenant ON community;
      DROP FUNCTION list_tenant;
      DROP TABLE tenant;
      DROP INDEX mail_about, mail_recipient, mail_refused;
      ALTER TABLE mail DROP COLUMN about, DROP COLUMN refused;
    `);
  }
}
