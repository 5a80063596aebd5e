import type { Locale, MemberStatus, Role } from '@parley/contracts/people';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('brand')
export class BrandRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') name!: string;
}

@Entity('community')
export class CommunityRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'brand_id' }) brandId!: string;
  @Column('text') slug!: string;
  @Column('text') name!: string;
  @Column('text') purpose!: string;
  @Column('text') accent!: string;
  /** SHA-256 of its bytes in the file store. */
  @Column('text', { name: 'logo_file' }) logoFile!: string;
}

@Entity('person')
export class PersonRow {
  @PrimaryColumn('uuid') id!: string;
  /** In lower case. */
  @Column('text') email!: string;
  @Column('text') name!: string;
  @Column('text') locale!: Locale;
  @Column('boolean') admin!: boolean;
  @Column('text', { name: 'demo_note', nullable: true }) demoNote!: string | null;
}

@Entity('sign_in_link')
export class SignInLinkRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'person_id', nullable: true }) personId!: string | null;
  @Column('bytea', { name: 'email_hash' }) emailHash!: Buffer;
  @Column('bytea', { name: 'network_hash' }) networkHash!: Buffer;
  @Column('bytea', { name: 'token_hash' }) tokenHash!: Buffer;
  @Column('bytea', { name: 'code_hash' }) codeHash!: Buffer;
  @Column('bytea', { name: 'asking_hash' }) askingHash!: Buffer;
  @Column('int') tries!: number;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt!: Date;
  @Column('timestamptz', { name: 'used_at', nullable: true }) usedAt!: Date | null;
}

@Entity('sign_in')
export class SignInRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'person_id' }) personId!: string;
  /** SHA-256 of the cookie; the cookie itself is stored nowhere. */
  @Column('bytea', { name: 'token_hash' }) tokenHash!: Buffer;
  @Column('text') browser!: string;
  @Column('timestamptz', { name: 'started_at' }) startedAt!: Date;
  @Column('timestamptz', { name: 'last_seen_at' }) lastSeenAt!: Date;
  /** When it was last proved by more than the mail. */
  @Column('timestamptz', { name: 'strong_at', nullable: true }) strongAt!: Date | null;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt!: Date;
}

@Entity('member')
export class MemberRow {
  @PrimaryColumn('uuid', { name: 'community_id' }) communityId!: string;
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'person_id' }) personId!: string;
  @Column('text') handle!: string;
  @Column('text') role!: Role;
  @Column('text') status!: MemberStatus;
  @Column('boolean') observer!: boolean;
  @Column('text') avatar!: string;
  /** The label of the invitation by which the person came. */
  @Column('text', { name: 'came_by' }) cameBy!: string;
}
