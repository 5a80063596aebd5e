import { randomBytes } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** HMAC's two pads of a key, so that the database can check a signature with sha256 alone. */
const pad = (key: Buffer, byte: number) =>
  Buffer.from(Uint8Array.from({ length: 64 }, (_, at) => (key[at] ?? 0) ^ byte));

/** The wall between communities, and what every feature stands on: rooms with numbered facts, ops, mails. */
export class Foundation20261122000001 implements MigrationInterface {
  name = 'Foundation20261122000001';

  async up(db: QueryRunner) {
    const key = randomBytes(32);
    await db.query('CREATE SCHEMA sec');
    await db.query(
      'CREATE TABLE sec.key (secret bytea NOT NULL, inner_pad bytea NOT NULL, outer_pad bytea NOT NULL)',
    );
    await db.query('INSERT INTO sec.key VALUES ($1, $2, $3)', [key, pad(key, 0x36), pad(key, 0x5c)]);
    await db.query(`
      -- Answers the id in a setting when its HMAC fits this key, this kind and this connection; else null.
      CREATE FUNCTION sec.opened(kind text, setting text) RETURNS uuid
        LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
      DECLARE
        value text := current_setting(setting, true);
        key sec.key;
      BEGIN
        IF value IS NULL OR length(value) <> 101 THEN RETURN NULL; END IF;
        SELECT * INTO key FROM sec.key;
        IF substr(value, 38) = encode(sha256(key.outer_pad || sha256(key.inner_pad ||
             convert_to(kind || '.' || substr(value, 1, 36) || '.' || pg_backend_pid(), 'UTF8'))), 'hex')
        THEN RETURN substr(value, 1, 36)::uuid; END IF;
        RETURN NULL;
      END $$;

      -- The two run as their owner because the run-time role must not read the key.
      CREATE FUNCTION sec.tenant() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
        AS $$ SELECT sec.opened('t', 'app.tenant') $$;
      CREATE FUNCTION sec.person() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
        AS $$ SELECT sec.opened('p', 'app.person') $$;

      -- Walls a table: called for each new table of a community.
      CREATE FUNCTION sec.wall(walled regclass) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', walled);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', walled);
        EXECUTE format('CREATE POLICY tenant ON %s USING (community_id = (SELECT sec.tenant()))
          WITH CHECK (community_id = (SELECT sec.tenant()))', walled);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO parley_runtime', walled);
      END $$;

      REVOKE ALL ON FUNCTION sec.opened(text, text), sec.wall(regclass) FROM PUBLIC;
      GRANT USAGE ON SCHEMA sec TO parley_runtime;
      GRANT EXECUTE ON FUNCTION sec.tenant(), sec.person() TO parley_runtime;
      GRANT USAGE ON SCHEMA public TO parley_runtime;
      REVOKE CREATE ON SCHEMA public FROM PUBLIC;
      GRANT SELECT ON migrations TO parley_runtime;

      CREATE TABLE brand (
        id   uuid PRIMARY KEY,
        name text NOT NULL
      );
      GRANT SELECT, INSERT ON brand TO parley_runtime;

      CREATE TABLE community (
        id        uuid PRIMARY KEY,
        brand_id  uuid NOT NULL REFERENCES brand,
        slug      text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9-]{2,40}$'),
        name      text NOT NULL,
        purpose   text NOT NULL,
        accent    text NOT NULL CHECK (accent ~ '^#[0-9a-f]{6}$'),
        logo_file text NOT NULL
      );

      -- One row a place where things are said; its seq numbers what is told there.
      CREATE TABLE room (
        community_id uuid NOT NULL REFERENCES community,
        id           uuid NOT NULL,
        seq          bigint NOT NULL DEFAULT 0,
        open         boolean NOT NULL DEFAULT false,
        PRIMARY KEY (community_id, id)
      );
      SELECT sec.wall('room');

      CREATE TABLE fact (
        community_id uuid NOT NULL,
        room_id      uuid NOT NULL,
        seq          bigint NOT NULL,
        name         text NOT NULL,
        data         jsonb NOT NULL,
        at           timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (community_id, room_id, seq),
        FOREIGN KEY (community_id, room_id) REFERENCES room
      );
      SELECT sec.wall('fact');

      CREATE TABLE mail (
        id         uuid PRIMARY KEY,
        recipient  text NOT NULL,
        subject    text NOT NULL,
        -- Emptied once it is sent: it may hold a link that signs in.
        body       text,
        created_at timestamptz NOT NULL DEFAULT now(),
        sent_at    timestamptz
      );
      GRANT SELECT, INSERT, UPDATE, DELETE ON mail TO parley_runtime;
    `);
  }

  async down(db: QueryRunner) {
    await db.query('DROP TABLE mail, fact, room, community, brand; DROP SCHEMA sec CASCADE;');
  }
}
