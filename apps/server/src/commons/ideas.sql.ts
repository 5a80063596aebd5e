import type {
  DeskIdea,
  Idea,
  IdeaParts,
  IdeaPlaceKind,
  IdeaResult,
  OwnRating,
} from '@parley/contracts/ideas';
import type { Author, IdeaStatus, Named } from '@parley/contracts/contributions';
import { MIN_N } from '@parley/contracts/profile';
import type { MemberType } from '@parley/contracts/people';
import { topicColumns, topicOf, type TopicRow, topicSource, wordsOf } from './commons.sql';

/** Of a version: ratings as they are counted. */
export interface Counted {
  agree: number;
  disagree: number;
  unsure: number;
  matters: number;
  informedAgree: number;
  informedSeen: number;
}

export interface IdeaRow extends TopicRow, Counted {
  parts: IdeaParts;
  version: number;
  teamOnly: boolean;
  coAuthors: Author[];
  invited: boolean;
  status: IdeaStatus;
  on: string | null;
  note: string | null;
  owner: Named | null;
  into: string | null;
  acknowledgeBy: Date;
  acknowledgedAt: Date | null;
  acknowledgedBy: Named | null;
  area: Idea['area'];
  imported: Idea['imported'];
  myRating: OwnRating | null;
  closed: boolean;
  toJudge: boolean;
  score: number;
  seen: number;
  createdMark: string;
}

/** SQL for somebody of the team by name and office, of the member row `alias`. */
const namedOf = (alias: string) =>
  `CASE WHEN ${alias}.id IS NOT NULL THEN json_build_object('name', ${alias}.handle, 'title', ${alias}.title) END`;

/** SQL for ideas as member $2 finds them: a topic's, and an idea's own. */
export const ideaColumns = `${topicColumns}, i.parts, c.version, c.team_only AS "teamOnly", i.status, i.note,
  CASE WHEN i.status IN ('planned', 'inProgress', 'later') THEN c.deliver_by::text END AS "on", c.merged_into AS "into",
  i.acknowledge_by AS "acknowledgeBy", i.acknowledged_at AS "acknowledgedAt", ${namedOf('looked')} AS "acknowledgedBy",
  ${namedOf('owner')} AS owner, i.agree, i.disagree, i.unsure, i.matters, i.informed_agree AS "informedAgree",
  i.informed_seen AS "informedSeen", i.agree + i.disagree + i.unsure AS seen, i.score, i.imported,
  to_char(i.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "createdMark",
  CASE WHEN area.id IS NOT NULL THEN json_build_object('id', area.id, 'label', area.label) END AS area,
  coalesce(ip.closes_at < now(), false) AS closed,
  -- Where an Update delivers it, its contributors are asked there.
  s.kind = 'suggestions' AND c.loop = 'delivered' AND c.moderation = 'published' AND coalesce(c.judge_until > now(), false)
    AND NOT EXISTS (SELECT FROM update_source us JOIN loop_update u ON u.community_id = $1 AND u.id = us.update_id
      WHERE us.community_id = $1 AND us.contribution_id = i.id AND u.delivered_at IS NOT NULL AND u.status <> 'withdrawn')
    AS "toJudge",
  (SELECT coalesce(json_agg(json_build_object('memberId', w.id, 'handle', w.handle, 'role', w.role) ORDER BY a.agreed_at), '[]')
   FROM idea_author a JOIN member w ON w.community_id = $1 AND w.id = a.member_id
   WHERE a.community_id = $1 AND a.idea_id = i.id AND a.agreed_at IS NOT NULL) AS "coAuthors",
  EXISTS (SELECT FROM idea_author a WHERE a.community_id = $1 AND a.idea_id = i.id AND a.member_id = $2
    AND a.agreed_at IS NULL AND a.declined_at IS NULL) AS invited,
  (SELECT json_build_object('rating', r.value, 'matters', r.matters, 'version', r.version) FROM rating r
   WHERE r.community_id = $1 AND r.contribution_id = i.id AND r.member_id = $2 ORDER BY r.version DESC LIMIT 1) AS "myRating"`;
export const ideaSource = `${topicSource}
  JOIN idea i ON i.community_id = t.community_id AND i.id = t.id
  JOIN idea_place ip ON ip.community_id = t.community_id AND ip.id = i.place_id
  LEFT JOIN idea_area area ON area.community_id = $1 AND area.id = i.area_id
  LEFT JOIN member owner ON owner.community_id = $1 AND owner.id = i.owner_id
  LEFT JOIN member looked ON looked.community_id = $1 AND looked.id = i.acknowledged_by`;

/** What members think, with what knowing the context changes where enough of both kinds have rated. */
export function resultOf({
  agree,
  disagree,
  unsure,
  matters,
  informedAgree,
  informedSeen,
}: Counted): IdeaResult {
  const others = agree + disagree + unsure - informedSeen;
  const isTold = informedSeen >= MIN_N && others >= MIN_N;
  return {
    ...{ agree, disagree, unsure, matters },
    informed: isTold ? { agree: informedAgree, seen: informedSeen } : null,
    uninformed: isTold ? { agree: agree - informedAgree, seen: others } : null,
  };
}

export function ideaOf(row: IdeaRow, memberId: string | null, isTeam: boolean): Idea {
  const topic = topicOf(row, memberId);
  const isAuthor = topic.mine || row.coAuthors.some((author) => author.memberId === memberId);
  const sees = isTeam || isAuthor || row.closed || row.myRating !== null;
  return {
    ...topic,
    mine: isAuthor,
    body: '',
    ...{ parts: row.parts, version: row.version, teamOnly: row.teamOnly, coAuthors: row.coAuthors },
    asked: isAuthor && row.toJudge,
    ...{ invited: row.invited, status: row.status, on: row.on, note: row.note, owner: row.owner },
    ...{ into: row.into, area: row.area, imported: row.imported, myRating: row.myRating },
    acknowledge: {
      by: row.acknowledgeBy.toISOString(),
      at: row.acknowledgedAt?.toISOString() ?? null,
      who: row.acknowledgedBy,
    },
    result: sees ? resultOf(row) : null,
  };
}

/** An idea's words, as they are moderated, searched and quoted: its title, and what there is of its parts. */
export const ideaWords = (title: string, { situation, struggle, outcome, idea }: IdeaParts) =>
  wordsOf(title, [situation, struggle, outcome, idea].filter(Boolean).join('\n\n'));

export interface IdeaPlaceRow {
  id: string;
  contextRequired: boolean;
  closesAt: Date | null;
  closed: boolean;
  acknowledgeDays: number;
  cards: number;
  unread: number;
  areas: { id: string; label: string; owner: Named }[];
  mattered: number;
  rated: number;
  others: number;
}

/** SQL for what is special to a place for ideas, as member $2 finds it. What is counted ends where it is enough. */
export const ideaPlaceColumns = `ip.id, ip.context_required AS "contextRequired", ip.closes_at AS "closesAt",
  coalesce(ip.closes_at < now(), false) AS closed, ip.acknowledge_days AS "acknowledgeDays",
  (SELECT count(*)::int FROM context_card k WHERE k.community_id = $1 AND k.place_id = ip.id) AS cards,
  (SELECT count(*)::int FROM context_card k WHERE k.community_id = $1 AND k.place_id = ip.id AND k.kind <> 'article'
     AND NOT EXISTS (SELECT FROM context_read w WHERE w.community_id = $1 AND w.card_id = k.id AND w.member_id = $2
       AND w.read_at IS NOT NULL)) AS unread,
  (SELECT coalesce(json_agg(json_build_object('id', a.id, 'label', a.label, 'owner',
     json_build_object('name', w.handle, 'title', w.title)) ORDER BY a.n), '[]')
   FROM idea_area a JOIN member w ON w.community_id = $1 AND w.id = a.owner_id
   WHERE a.community_id = $1 AND a.place_id = ip.id) AS areas`;

export interface DeskRow extends IdeaRow {
  placeKind: IdeaPlaceKind;
  placeTitle: string;
  forTypes: MemberType[] | null;
}

export const deskIdeaOf = (row: DeskRow, memberId: string): Omit<DeskIdea, 'alike'> => ({
  ...ideaOf(row, memberId, true),
  place: { id: row.placeId, kind: row.placeKind, title: row.placeTitle },
});
