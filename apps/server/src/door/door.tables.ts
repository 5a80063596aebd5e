import type { ApplicationStatus, SourceKind } from '@parley/contracts/door';
import type { Locale } from '@parley/contracts/people';
import type { Purpose } from '@parley/contracts/profile';
import type { Facts } from '@parley/contracts/rule';
import type { Answers } from '@parley/contracts/screener';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('source')
export class SourceRow {
  @PrimaryColumn('uuid', { name: 'community_id' }) communityId!: string;
  @PrimaryColumn('uuid') id!: string;
  @Column('text') kind!: SourceKind;
  @Column('text') label!: string;
  @Column('text') placement!: string;
  @Column('text') note!: string;
  @Column('text') locale!: Locale;
  @Column('text', { nullable: true }) token!: string | null;
  @Column('int', { name: 'use_limit', nullable: true }) useLimit!: number | null;
  @Column('int') uses!: number;
  @Column('int') opened!: number;
  @Column('uuid', { name: 'invited_by' }) invitedBy!: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'expires_at', nullable: true }) expiresAt!: Date | null;
  @Column('timestamptz', { name: 'closed_at', nullable: true }) closedAt!: Date | null;
}

@Entity('invitation')
export class InvitationRow {
  @PrimaryColumn('uuid', { name: 'community_id' }) communityId!: string;
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'source_id' }) sourceId!: string;
  @Column('text', { nullable: true }) email!: string | null;
  @Column('text') name!: string;
  @Column('bytea', { name: 'token_hash' }) tokenHash!: Buffer;
  @Column('text') status!: 'sent' | 'opened' | 'accepted' | 'declined' | 'revoked';
  @Column('timestamptz', { name: 'changed_at' }) changedAt!: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt!: Date;
}

/** A consent as it was given at the door. */
export interface Given {
  purpose: Purpose;
  version: number;
  at: string;
}

@Entity('application')
export class ApplicationRow {
  @PrimaryColumn('uuid', { name: 'community_id' }) communityId!: string;
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'source_id' }) sourceId!: string;
  @Column('uuid', { name: 'invitation_id', nullable: true }) invitationId!: string | null;
  @Column('int', { name: 'screener_version' }) screenerVersion!: number;
  @Column('text') status!: ApplicationStatus;
  @Column('text') locale!: Locale;
  @Column('jsonb') answers!: Answers;
  @Column('jsonb') facts!: Facts;
  @Column('jsonb', { nullable: true }) consents!: Given[] | null;
  @Column('text') handle!: string;
  @Column('text', { nullable: true }) email!: string | null;
  @Column('timestamptz', { name: 'email_verified_at', nullable: true }) emailVerifiedAt!: Date | null;
  @Column('bytea', { name: 'code_hash', nullable: true }) codeHash!: Buffer | null;
  @Column('int', { name: 'code_tries' }) codeTries!: number;
  @Column('timestamptz', { name: 'code_until', nullable: true }) codeUntil!: Date | null;
  @Column('uuid', { name: 'cell_ids', array: true }) cellIds!: string[];
  @Column('timestamptz', { name: 'reserved_until', nullable: true }) reservedUntil!: Date | null;
  @Column('boolean', { name: 'kept_waiting' }) keptWaiting!: boolean;
  @Column('timestamptz', { name: 'waiting_since', nullable: true }) waitingSince!: Date | null;
  @Column('int') offers!: number;
  @Column('timestamptz', { name: 'offered_at', nullable: true }) offeredAt!: Date | null;
  @Column('uuid', { name: 'member_id', nullable: true }) memberId!: string | null;
  @Column('text', { nullable: true }) voice!: string | null;
  @Column('timestamptz', { name: 'voice_at', nullable: true }) voiceAt!: Date | null;
  @Column('uuid', { name: 'voice_read_by', nullable: true }) voiceReadBy!: string | null;
  @Column('timestamptz', { name: 'voice_read_at', nullable: true }) voiceReadAt!: Date | null;
  @Column('text', { name: 'voice_reply' }) voiceReply!: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'decided_at', nullable: true }) decidedAt!: Date | null;
  @Column('timestamptz', { name: 'admitted_at', nullable: true }) admittedAt!: Date | null;
}
