import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Persons of the install, their sign-ins, and their memberships of communities. */
export class People20261122000002 implements MigrationInterface {
  name = 'People20261122000002';

  async up(db: QueryRunner) {
    await db.query(`
      CREATE TABLE person (
        id         uuid PRIMARY KEY,
        email      text NOT NULL UNIQUE CHECK (email = lower(email)),
        name       text NOT NULL,
        locale     text NOT NULL DEFAULT 'en',
        admin      boolean NOT NULL DEFAULT false,
        -- What the demo's sign-in page says about them; null for everybody else.
        demo_note  text,
        created_at timestamptz NOT NULL DEFAULT now()
      );

      CREATE TABLE sign_in_link (
        id          uuid PRIMARY KEY,
        -- Null for an address that nobody has: it is treated the same way, and never opens.
        person_id   uuid REFERENCES person ON DELETE CASCADE,
        -- SHA-256 of the address asked for, by which mails are counted.
        email_hash  bytea NOT NULL,
        -- SHA-256 of the asking network, likewise.
        network_hash bytea NOT NULL,
        -- SHA-256 of what was mailed and of the asking browser's cookie; the originals are stored nowhere.
        token_hash  bytea NOT NULL UNIQUE,
        code_hash   bytea NOT NULL,
        asking_hash bytea NOT NULL,
        tries       int NOT NULL DEFAULT 0,
        created_at  timestamptz NOT NULL DEFAULT now(),
        expires_at  timestamptz NOT NULL,
        used_at     timestamptz
      );
      CREATE INDEX sign_in_link_asking ON sign_in_link (asking_hash, created_at DESC);
      CREATE INDEX sign_in_link_email ON sign_in_link (email_hash, created_at);

      CREATE TABLE sign_in (
        id           uuid PRIMARY KEY,
        person_id    uuid NOT NULL REFERENCES person ON DELETE CASCADE,
        token_hash   bytea NOT NULL UNIQUE,
        browser      text NOT NULL,
        started_at   timestamptz NOT NULL DEFAULT now(),
        last_seen_at timestamptz NOT NULL DEFAULT now(),
        expires_at   timestamptz NOT NULL
      );
      CREATE INDEX sign_in_person ON sign_in (person_id);
      GRANT SELECT, INSERT, UPDATE, DELETE ON person, sign_in_link, sign_in TO parley_runtime;

      CREATE TABLE member (
        community_id uuid NOT NULL REFERENCES community,
        id           uuid NOT NULL,
        person_id    uuid NOT NULL REFERENCES person,
        handle       text NOT NULL,
        role         text NOT NULL CHECK (role IN ('member', 'moderator', 'producer', 'host', 'manager')),
        status       text NOT NULL CHECK (status IN ('pending', 'active', 'suspended', 'left')),
        joined_at    timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, id),
        UNIQUE (community_id, person_id)
      );
      CREATE INDEX member_person ON member (person_id);
      SELECT sec.wall('member');
      -- A person also sees their own membership, and its community, before a community is chosen.
      ALTER POLICY tenant ON member
        USING (community_id = (SELECT sec.tenant()) OR person_id = (SELECT sec.person()));

      ALTER TABLE community ENABLE ROW LEVEL SECURITY;
      ALTER TABLE community FORCE ROW LEVEL SECURITY;
      CREATE POLICY tenant ON community
        USING (id = (SELECT sec.tenant())
          OR id IN (SELECT community_id FROM member WHERE person_id = (SELECT sec.person())))
        WITH CHECK (id = (SELECT sec.tenant()));
      GRANT SELECT, INSERT, UPDATE ON community TO parley_runtime;

      -- What each member's client asked for, so that asking again takes effect once.
      CREATE TABLE op (
        community_id uuid NOT NULL,
        member_id    uuid NOT NULL,
        id           uuid NOT NULL,
        hash         bytea NOT NULL,
        result       jsonb NOT NULL,
        at           timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, member_id, id),
        FOREIGN KEY (community_id, member_id) REFERENCES member
      );
      SELECT sec.wall('op');
    `);
  }

  async down(db: QueryRunner) {
    await db.query('DROP TABLE op, member, sign_in, sign_in_link, person;');
  }
}
