import type {
  ActivityBody,
  ActivityDraft,
  ActivityStatus,
  QuoteChoice,
  Submission,
  SubmissionState,
  Task,
  TaskAnswers,
  TaskBody,
  Visibility,
} from '@parley/contracts/activities';
import type { LoopState, Moderation, Named } from '@parley/contracts/contributions';
import type { Asset, Media } from '@parley/contracts/media';
import type { Role } from '@parley/contracts/people';
import type { EntityManager } from 'typeorm';
import { notFound } from '../platform/errors';
import { attachedTo } from '../media/attachments.service';
import { markOf } from '../platform/pages';

/** An Activity as it is stored; what its space says of it is in its body too. */
export interface ActivityRow {
  id: string;
  status: ActivityStatus;
  title: string;
  draft: ActivityDraft | null;
  body: ActivityBody | null;
  opensAt: Date | null;
  dueAt: Date | null;
  graceHours: number | null;
  visibility: Visibility | null;
  segmentId: string | null;
  /** Members hear back by then: it may have moved since it was published. */
  answerBy: string | null;
  updatedAt: Date;
}

/** One that is published. */
export type Published = {
  [K in keyof ActivityRow]: K extends 'draft' | 'segmentId' ? ActivityRow[K] : NonNullable<ActivityRow[K]>;
};

export const activityColumns = `a.id, a.status, a.title, a.draft, a.body, a.opens_at AS "opensAt", a.due_at AS "dueAt",
  a.grace_hours AS "graceHours", a.visibility, a.segment_id AS "segmentId", sp.answer_by::text AS "answerBy",
  a.updated_at AS "updatedAt"`;
export const activitySource = `activity a LEFT JOIN space sp ON sp.community_id = a.community_id AND sp.id = a.id`;

/** Any, or 404. `lock`: nobody else changes it, or sends to it, meanwhile. */
export async function activityOf(
  em: EntityManager,
  communityId: string,
  id: string,
  lock: '' | 'FOR UPDATE OF a' | 'FOR SHARE OF a' = '',
): Promise<ActivityRow> {
  const [row] = (await em.query(
    `SELECT ${activityColumns} FROM ${activitySource} WHERE a.community_id = $1 AND a.id = $2 ${lock}`,
    [communityId, id],
  )) as ActivityRow[];
  if (!row) throw notFound();
  return row;
}

export const isPublished = (row: ActivityRow): row is Published => row.body !== null;

/** The times of an Activity, as the contract's functions take them. */
export const timesOf = (row: Published) => ({
  status: row.status,
  opensAt: row.opensAt.toISOString(),
  dueAt: row.dueAt.toISOString(),
  graceHours: row.graceHours,
  diary: row.body.diary,
});

export const tasksOf = ({ body }: Published, assets: ReadonlyMap<string, Asset>): Task[] =>
  body.tasks.map((task) => ({ ...task, asset: assets.get(task.assetId ?? '') ?? null }));

export const assetIdsOf = ({ tasks, assetIds }: Pick<ActivityBody, 'tasks' | 'assetIds'>): string[] => [
  ...new Set([...assetIds, ...tasks.flatMap(({ assetId }) => assetId ?? [])]),
];

export interface SubmissionRow {
  id: string;
  activityId: string;
  authorId: string;
  handle: string;
  role: Role;
  entry: number;
  at: Date;
  mark: string;
  late: boolean;
  state: SubmissionState;
  moderation: Moderation;
  teamOnly: boolean;
  loop: LoopState;
  answers: TaskAnswers;
  quote: QuoteChoice;
  ready: boolean;
  returnTasks: string[];
  acceptedAt: Date | null;
  acceptedBy: Named | null;
  featuredAt: Date | null;
  returned: { reason?: { en: string; de: string }; note?: string } | null;
  media: (Media & { taskId: string })[];
}

/** SQL for where a submission is: of `s` and its contribution `c`. */
export const stateOf = `CASE WHEN c.moderation = 'withdrawn' THEN 'withdrawn' WHEN c.moderation = 'returned' THEN 'returned'
  WHEN c.moderation IN ('declined', 'upheld', 'hidden') THEN 'declined'
  WHEN c.moderation IN ('held', 'appealed', 'frozen') THEN 'waiting' WHEN NOT s.ready THEN 'preparing'
  WHEN s.featured_at IS NOT NULL THEN 'featured' WHEN s.accepted_at IS NOT NULL THEN 'accepted' ELSE 'submitted' END`;

export const submissionColumns = `s.id, s.activity_id AS "activityId", s.member_id AS "authorId", m.handle, m.role, s.entry,
  s.sent_at AS at, ${markOf('s.sent_at')} AS mark, s.late, ${stateOf} AS state, c.moderation, c.team_only AS "teamOnly", c.loop,
  s.answers, s.quote, s.ready, s.return_tasks AS "returnTasks", s.accepted_at AS "acceptedAt", s.featured_at AS "featuredAt",
  CASE WHEN taker.id IS NOT NULL THEN json_build_object('name', taker.handle, 'title', taker.title) END AS "acceptedBy",
  CASE WHEN c.moderation = 'returned' THEN (SELECT r.detail FROM receipt r WHERE r.community_id = s.community_id
    AND r.contribution_id = s.id AND r.kind = 'returned' ORDER BY r.id DESC LIMIT 1) END AS returned,
  ${attachedTo('s.community_id', 's.id')} AS media`;
export const submissionSource = `submission s
  JOIN contribution c ON c.community_id = s.community_id AND c.id = s.id
  JOIN member m ON m.community_id = s.community_id AND m.id = s.member_id
  LEFT JOIN member taker ON taker.community_id = s.community_id AND taker.id = s.accepted_by`;

/** SQL for what other members may see of an Activity, where they may see any. */
export const sharedWith = `c.moderation = 'published' AND NOT c.team_only AND s.ready AND s.withdrawn_at IS NULL`;

const NOBODY = '00000000-0000-0000-0000-000000000000';

/** A submission as this reader may see it. */
export function submissionOf(
  row: SubmissionRow,
  reader: { memberId: string | null; team: boolean },
): Submission {
  const mine = row.authorId === reader.memberId;
  const named = mine || reader.team || row.quote !== 'anonymous';
  const knows = mine || reader.team;
  const note = row.returned?.note ?? null;
  const reason = row.returned?.reason ?? null;
  return {
    id: row.id,
    author: named
      ? { memberId: row.authorId, handle: row.handle, role: row.role }
      : { memberId: NOBODY, handle: '', role: row.role },
    entry: row.entry,
    at: row.at.toISOString(),
    late: row.late,
    state: row.state,
    moderation: row.moderation,
    loop: row.loop,
    answers: row.answers,
    media: row.media.filter(({ state }) => knows || state === 'ready'),
    quote: row.quote,
    returned: knows && row.state === 'returned' ? { reason, note, taskIds: row.returnTasks } : null,
    accepted:
      row.acceptedAt && row.acceptedBy ? { at: row.acceptedAt.toISOString(), by: row.acceptedBy } : null,
    featuredAt: row.featuredAt?.toISOString() ?? null,
    mine,
  };
}

/** What a submission says in words: what receipts, the desk and Updates quote of it. */
export function wordsOf(tasks: readonly TaskBody[], answers: TaskAnswers, otherwise: string): string {
  const given = new Map(answers.map((answer) => [answer.taskId, answer]));
  const said = tasks.flatMap((task) => {
    const answer = given.get(task.id);
    const label = (id: string) => task.options.find((option) => option.id === id)?.label ?? '';
    switch (answer?.kind) {
      case 'text':
        return answer.text;
      case 'photo':
      case 'video':
        return answer.note ?? [];
      case 'pick':
        return `${task.prompt} ${answer.choices.map(label).join(', ')}`;
      case 'rank':
        return `${task.prompt} ${answer.order.map((id, at) => `${at + 1}. ${label(id)}`).join(', ')}`;
      case 'scale':
        return `${task.prompt} ${answer.value}`;
      case 'place':
        return answer.pins.flatMap(({ note }) => note ?? []);
      default:
        return [];
    }
  });
  return said.join('\n') || otherwise;
}

/** Every text that an answer holds, each as it was written. */
export function textsOf(answer: TaskAnswers[number]): string[] {
  if (answer.kind === 'text') return [answer.text];
  if (answer.kind === 'photo' || answer.kind === 'video') return answer.note ? [answer.note] : [];
  if (answer.kind === 'place') return answer.pins.flatMap(({ note }) => note ?? []);
  return [];
}

export const mediaIdsOf = (answers: TaskAnswers): { taskId: string; mediaId: string }[] =>
  answers.flatMap((answer) =>
    answer.kind === 'photo' || answer.kind === 'video'
      ? [...new Set(answer.mediaIds)].map((mediaId) => ({ taskId: answer.taskId, mediaId }))
      : [],
  );
