import { z } from 'zod';
import { endpoint, Id } from './contract';

/** Something to show: a picture or a video, with the ways in which it can be fetched. */
export const Asset = z.object({
  id: z.uuid(),
  kind: z.enum(['image', 'video']),
  title: z.string(),
  /** What is seen, for people who do not see it. */
  description: z.string(),
  width: z.int(),
  height: z.int(),
  /** Length of a video in seconds; 0 for a picture. */
  durationSeconds: z.int(),
  /** The first that the browser can play is the one to use. Each is served to members of the community alone. */
  files: z.array(z.object({ url: z.string(), type: z.string() })),
  posterUrl: z.string().nullable(),
  captions: z.array(z.object({ url: z.string(), language: z.string() })),
});
export type Asset = z.infer<typeof Asset>;

export const listAssets = endpoint({
  method: 'GET',
  path: '/api/c/:communityId/assets',
  rights: ['asset.list'],
  summary: 'What there is to show, by title; members are told only of what they have been shown.',
  input: z.strictObject({ communityId: Id }),
  output: z.object({ assets: z.array(Asset) }),
});

export const mediaEndpoints = [listAssets] as const;

/** A file of an asset; bytes, single ranges, never cached by others. */
export const assetFilePath = '/api/c/:communityId/assets/:assetId/files/:name';
/** The logo of a community. */
export const logoPath = '/api/c/:communityId/logo';
