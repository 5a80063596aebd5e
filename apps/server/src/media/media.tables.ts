import type {
  Confidentiality,
  MediaKind,
  MediaRefusal,
  MediaState,
  TimeMap,
  UploadPurpose,
} from '@parley/contracts/media';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** PostgreSQL's bigint comes as text; no file is larger than a number can say. */
const count = {
  to: (value: number) => value,
  from: (value: string | null) => (value === null ? null : Number(value)),
};

@Entity('media')
export class MediaRow {
  @PrimaryColumn('uuid', { name: 'community_id' }) communityId!: string;
  /** Also the upload's. */
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid', { name: 'owner_id', nullable: true }) ownerId!: string | null;
  @Column('text') purpose!: UploadPurpose;
  @Column('uuid', { nullable: true }) op!: string | null;
  @Column('text') name!: string;
  @Column('bigint', { transformer: count }) bytes!: number;
  @Column('text') state!: MediaState;
  @Column('text', { nullable: true }) kind!: MediaKind | null;
  @Column('text', { nullable: true }) refusal!: MediaRefusal | null;
  @Column('int', { nullable: true }) width!: number | null;
  @Column('int', { nullable: true }) height!: number | null;
  @Column('bigint', { name: 'duration_ms', nullable: true, transformer: count }) durationMs!: number | null;
  @Column('int', { nullable: true }) pages!: number | null;
  @Column('real') progress!: number;
  /** Names the original in the store. */
  @Column('text', { nullable: true }) sha256!: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'moved_at' }) movedAt!: Date;
}

/** Where the parts of a track are in its file: offset and bytes; with a segment its seconds first. */
export interface Film {
  codecs: string;
  bandwidth: number;
  init: [offset: number, bytes: number];
  segments: [seconds: number, offset: number, bytes: number][];
}

@Entity('rendition')
export class RenditionRow {
  @PrimaryColumn('uuid', { name: 'community_id' }) communityId!: string;
  @PrimaryColumn('uuid', { name: 'media_id' }) mediaId!: string;
  @PrimaryColumn('text') name!: string;
  @Column('text', { name: 'media_type' }) mediaType!: string;
  @Column('int', { nullable: true }) width!: number | null;
  @Column('int', { nullable: true }) height!: number | null;
  @Column('bigint', { transformer: count }) bytes!: number;
  @Column('text') sha256!: string;
  @Column('jsonb', { nullable: true }) film!: Film | null;
}

@Entity('asset')
export class AssetRow {
  @PrimaryColumn('uuid', { name: 'community_id' }) communityId!: string;
  @PrimaryColumn('uuid') id!: string;
  @Column('text') kind!: 'image' | 'video' | 'document';
  @Column('text') title!: string;
  @Column('text') description!: string;
  @Column('text') confidentiality!: Confidentiality;
  /** When members first saw it on stage. */
  @Column('timestamptz', { name: 'released_at', nullable: true }) releasedAt!: Date | null;
  @Column('timestamptz', { name: 'embargo_until', nullable: true }) embargoUntil!: Date | null;
  @Column('timestamptz', { name: 'withdrawn_at', nullable: true }) withdrawnAt!: Date | null;
  @Column('uuid', { name: 'withdrawn_by', nullable: true }) withdrawnBy!: string | null;
  @Column('text', { name: 'withdrawn_because', nullable: true }) withdrawnBecause!: string | null;
  @Column('timestamptz', { name: 'deleted_at', nullable: true }) deletedAt!: Date | null;
  @Column('uuid', { name: 'added_by', nullable: true }) addedBy!: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}

@Entity('asset_version')
export class AssetVersionRow {
  @PrimaryColumn('uuid', { name: 'community_id' }) communityId!: string;
  @PrimaryColumn('uuid', { name: 'asset_id' }) assetId!: string;
  @PrimaryColumn('int') n!: number;
  @Column('uuid', { name: 'media_id' }) mediaId!: string;
  @Column('jsonb', { nullable: true }) map!: TimeMap | null;
  @Column('uuid', { name: 'by_id', nullable: true }) byId!: string | null;
  @Column('timestamptz') at!: Date;
}
