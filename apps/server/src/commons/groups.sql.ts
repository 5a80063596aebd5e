import type { Group, Meetup, SessionCall } from '@parley/contracts/groups';

export type GroupRow = Omit<Group, 'since'> & { since: Date };
export type MeetupRow = Omit<Meetup, 'startsAt'> & { startsAt: Date };
export type CallRow = Omit<SessionCall, 'at'> & { at: Date };

/** SQL for groups `g` as member $2 finds them; the team ($3) sees where they talk. */
export const groupColumns = `g.id, g.name, g.purpose, g.state, g.state_at AS since, g.because,
  (SELECT count(*)::int FROM group_member w WHERE w.community_id = $1 AND w.group_id = g.id AND w.left_at IS NULL) AS members,
  CASE WHEN sponsor.id IS NOT NULL THEN json_build_object('name', sponsor.handle, 'title', sponsor.title) END AS sponsor,
  mine.member_id IS NOT NULL AS mine,
  CASE WHEN (mine.member_id IS NOT NULL OR $3) AND g.sponsor_id IS NOT NULL THEN g.id END AS "placeId"`;
export const groupSource = `micro_group g
  LEFT JOIN member sponsor ON sponsor.community_id = g.community_id AND sponsor.id = g.sponsor_id
  LEFT JOIN group_member mine ON mine.community_id = g.community_id AND mine.group_id = g.id AND mine.member_id = $2
    AND mine.left_at IS NULL`;

/** SQL for calls for a Session as member $2 finds them, with what their promise says. */
export const callColumns = `k.id, k.group_id AS "groupId", g.name AS "group", k.title, k.questions, m.handle AS by, k.at, k.needed,
  (SELECT count(*)::int FROM call_signature s WHERE s.community_id = $1 AND s.call_id = k.id) AS signed,
  EXISTS (SELECT FROM call_signature s WHERE s.community_id = $1 AND s.call_id = k.id AND s.member_id = $2) AS mine,
  (SELECT json_build_object('dueOn', coalesce(p.ended_due_on, s.answer_by), 'status', CASE WHEN p.status IN ('kept', 'broken')
     THEN p.status WHEN s.answer_by < current_date THEN 'late' ELSE 'due' END, 'updateId', p.kept_by, 'because', p.broken_because)
   FROM promise p JOIN space s ON s.community_id = $1 AND s.id = p.space_id
   WHERE p.community_id = $1 AND p.space_id = k.id ORDER BY p.n DESC LIMIT 1) AS answer`;
export const callSource = `session_call k
  JOIN micro_group g ON g.community_id = k.community_id AND g.id = k.group_id
  JOIN member m ON m.community_id = k.community_id AND m.id = k.by_id`;

/** SQL for meet-ups `u`: where exactly they are, those read who come, and who made it. */
export const meetupColumns = `u.id, u.title, u.about, u.starts_at AS "startsAt", u.area,
  CASE WHEN a.coming OR u.by_id = $2 THEN u.place END AS place, m.handle AS by,
  (SELECT count(*)::int FROM meetup_answer c WHERE c.community_id = $1 AND c.meetup_id = u.id AND c.coming) AS coming,
  a.coming AS mine, u.by_id = $2 AS "isBy", u.cancelled_at IS NOT NULL AS cancelled`;
export const meetupSource = `meetup u JOIN member m ON m.community_id = u.community_id AND m.id = u.by_id
  LEFT JOIN meetup_answer a ON a.community_id = u.community_id AND a.meetup_id = u.id AND a.member_id = $2`;

export const groupOf = ({ since, ...row }: GroupRow): Group => ({ ...row, since: since.toISOString() });
export const callOf = ({ at, ...row }: CallRow): SessionCall => ({ ...row, at: at.toISOString() });
export const meetupOf = ({ startsAt, ...row }: MeetupRow): Meetup => ({
  ...row,
  startsAt: startsAt.toISOString(),
});
