import type { Kind } from '../platform/writer';

/** Something that is about to be served. */
export interface NewView {
  mediaId: string;
  memberId: string | null;
  personId: string;
  rendition: string;
  part: string;
  bytes: number;
}

/** Writes down what is served, many at a time; only then is it sent. */
export const views: Kind<NewView, object> = {
  name: 'media-view',
  store: async (em, writes) => {
    await em.query(
      `INSERT INTO media_view (community_id, media_id, member_id, person_id, rendition, part, bytes)
       SELECT $1, v."mediaId", v."memberId", v."personId", v.rendition, v.part, v.bytes
       FROM json_to_recordset($2::json) AS v ("mediaId" uuid, "memberId" uuid, "personId" uuid, rendition text, part text,
         bytes bigint)`,
      [writes[0]!.communityId, JSON.stringify(writes.map(({ input }) => input))],
    );
    return writes.map(() => ({ result: {} }));
  },
};
