import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Second factors and their proofs, sign-in through a company's own service, broken glass, and the audit trail. */
export class Factors20261124000005 implements MigrationInterface {
  name = 'Factors20261124000005';

  async up(db: QueryRunner) {
    await db.query(`
      -- When the sign-in was last proved by more than the mail.
      ALTER TABLE sign_in ADD COLUMN strong_at timestamptz;

      CREATE TABLE factor (
        id            uuid PRIMARY KEY,
        person_id     uuid NOT NULL REFERENCES person ON DELETE CASCADE,
        kind          text NOT NULL CHECK (kind IN ('passkey', 'authenticator')),
        name          text NOT NULL,
        credential_id text UNIQUE,
        public_key    bytea,
        counter       bigint,
        transports    text[],
        -- Of an authenticator, sealed; and the last time step of which a code was taken.
        secret        bytea,
        last_step     bigint,
        created_at    timestamptz NOT NULL DEFAULT now(),
        used_at       timestamptz,
        CHECK (CASE kind
          WHEN 'passkey' THEN num_nulls(credential_id, public_key, counter, transports) = 0
          ELSE num_nulls(secret, last_step) = 0 END)
      );
      CREATE INDEX factor_person ON factor (person_id);

      CREATE TABLE recovery_code (
        person_id uuid NOT NULL REFERENCES person ON DELETE CASCADE,
        hash      bytea NOT NULL,
        used_at   timestamptz,
        PRIMARY KEY (person_id, hash)
      );

      -- Codes tried by a person since the last right one; over five they wait until then.
      CREATE TABLE factor_try (
        person_id uuid PRIMARY KEY REFERENCES person ON DELETE CASCADE,
        tries     int NOT NULL,
        until     timestamptz NOT NULL
      );

      -- What the server has asked a sign-in to answer; the latest of each kind, once.
      CREATE TABLE factor_challenge (
        sign_in_id uuid NOT NULL REFERENCES sign_in ON DELETE CASCADE,
        kind       text NOT NULL CHECK (kind IN ('add passkey', 'add authenticator', 'prove passkey')),
        challenge  bytea NOT NULL,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (sign_in_id, kind)
      );

      -- Sign-ins under way at a company's service, by SHA-256 of the state; each comes back once.
      CREATE TABLE company_state (
        state_hash   bytea PRIMARY KEY,
        browser_hash bytea NOT NULL,
        verifier     text NOT NULL,
        nonce        text NOT NULL,
        next         text NOT NULL,
        expires_at   timestamptz NOT NULL
      );
      GRANT SELECT, INSERT, UPDATE, DELETE ON factor, recovery_code, factor_try, factor_challenge, company_state
        TO parley_runtime;

      -- A community that an admin of the install has opened, with the reason, until it closes by itself.
      CREATE TABLE glass (
        community_id uuid NOT NULL REFERENCES community,
        id           uuid NOT NULL,
        person_id    uuid NOT NULL,
        sign_in_id   uuid NOT NULL,
        reason       text NOT NULL,
        opened_at    timestamptz NOT NULL DEFAULT now(),
        closes_at    timestamptz NOT NULL,
        PRIMARY KEY (community_id, id)
      );
      CREATE INDEX glass_open ON glass (community_id, sign_in_id, closes_at);
      SELECT sec.wall('glass');
      REVOKE UPDATE, DELETE ON glass FROM parley_runtime;

      -- Who did what that must be answered for. A chain: each row holds the hash of the one before and of itself.
      CREATE TABLE audit (
        community_id uuid NOT NULL REFERENCES community,
        seq          bigint NOT NULL,
        at           timestamptz NOT NULL,
        actor_id     uuid NOT NULL,
        action       text NOT NULL,
        target       text NOT NULL,
        detail       jsonb NOT NULL,
        hash         bytea NOT NULL,
        PRIMARY KEY (community_id, seq)
      );
      SELECT sec.wall('audit');
      REVOKE UPDATE, DELETE ON audit FROM parley_runtime;

      CREATE FUNCTION audit_hash(before bytea, it audit) RETURNS bytea LANGUAGE sql STABLE AS $$
        SELECT sha256(before || convert_to(jsonb_build_array(it.community_id, it.seq, extract(epoch FROM it.at),
          it.actor_id, it.action, it.target, it.detail)::text, 'UTF8'))
      $$;
    `);
  }

  async down(db: QueryRunner) {
    await db.query(`
      DROP FUNCTION audit_hash(bytea, audit);
      DROP TABLE audit, glass, company_state, factor_challenge, factor_try, recovery_code, factor;
      ALTER TABLE sign_in DROP COLUMN strong_at;
    `);
  }
}
