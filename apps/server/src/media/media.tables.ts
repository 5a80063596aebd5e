import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('asset')
export class AssetRow {
  @PrimaryColumn('uuid', { name: 'community_id' }) communityId!: string;
  @PrimaryColumn('uuid') id!: string;
  @Column('text') kind!: 'image' | 'video';
  @Column('text') title!: string;
  @Column('text') description!: string;
  @Column('int') width!: number;
  @Column('int') height!: number;
  @Column('int', { name: 'duration_seconds' }) durationSeconds!: number;
  @Column('timestamptz', { name: 'released_at', nullable: true }) releasedAt!: Date | null;
}

@Entity('asset_file')
export class AssetFileRow {
  @PrimaryColumn('uuid', { name: 'community_id' }) communityId!: string;
  @PrimaryColumn('uuid', { name: 'asset_id' }) assetId!: string;
  /** The last part of its address. */
  @PrimaryColumn('text') name!: string;
  @Column('text') purpose!: 'play' | 'poster' | 'captions';
  @Column('text', { name: 'media_type' }) mediaType!: string;
  @Column('text', { nullable: true }) language!: string | null;
  /** Names the bytes in the file store. */
  @Column('text') sha256!: string;
  @Column('int') place!: number;
}
