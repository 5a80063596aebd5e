import type { CueKind, SessionStatus, Stage } from '@parley/contracts/live';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('session')
export class SessionRow {
  @PrimaryColumn('uuid', { name: 'community_id' }) communityId!: string;
  /** Also the id of its room. */
  @PrimaryColumn('uuid') id!: string;
  @Column('text') status!: SessionStatus;
  @Column('timestamptz', { name: 'starts_at' }) startsAt!: Date;
  @Column('int', { name: 'planned_minutes' }) plannedMinutes!: number;
  @Column('timestamptz', { name: 'started_at', nullable: true }) startedAt!: Date | null;
  @Column('timestamptz', { name: 'ended_at', nullable: true }) endedAt!: Date | null;
  @Column('jsonb', { nullable: true }) stage!: Stage | null;
}

@Entity('session_host')
export class SessionHostRow {
  @PrimaryColumn('uuid', { name: 'community_id' }) communityId!: string;
  @PrimaryColumn('uuid', { name: 'session_id' }) sessionId!: string;
  @PrimaryColumn('uuid', { name: 'member_id' }) memberId!: string;
}

@Entity('cue')
export class CueRow {
  @PrimaryColumn('uuid', { name: 'community_id' }) communityId!: string;
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'session_id' }) sessionId!: string;
  /** First is 1. */
  @Column('int') place!: number;
  @Column('text') kind!: CueKind;
  @Column('text') title!: string;
  @Column('text') prompt!: string;
  @Column('uuid', { name: 'asset_id', nullable: true }) assetId!: string | null;
  @Column('uuid', { name: 'other_asset_id', nullable: true }) otherAssetId!: string | null;
  @Column('int', { nullable: true }) page!: number | null;
}

@Entity('round')
export class RoundRow {
  @PrimaryColumn('uuid', { name: 'community_id' }) communityId!: string;
  @PrimaryColumn('uuid', { name: 'cue_id' }) cueId!: string;
  @PrimaryColumn('int') round!: number;
  @Column('timestamptz', { name: 'on_air_at' }) onAirAt!: Date;
}
