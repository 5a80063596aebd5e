import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import type { Submission, TaskAnswers, TaskBody } from '@parley/contracts/activities';
import { stringify } from 'csv-stringify/sync';
import type { Response } from 'express';
import { ZipFile } from 'yazl';
import { AuditService } from '../people/audit.service';
import type { Member } from '../platform/doors';
import { Files } from '../platform/files';
import { Tenancy } from '../platform/tenancy';
import { submissionColumns, submissionOf, type SubmissionRow, submissionSource } from './activities.sql';
import { published } from './gallery.service';

/** A file of an export: as it may be shown, never as it was sent. */
interface Exported {
  path: string;
  mediaId: string;
  submissionId: string;
  mediaType: string;
  bytes: number;
  sha256: string;
}

const endings: Record<string, string> = { 'image/webp': 'webp', 'video/mp4': 'mp4', 'audio/mp4': 'm4a' };

/** All that was sent to an Activity, in one file for the tools that the brand works with. */
@Injectable()
export class ExportService {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly files: Files,
    private readonly audit: AuditService,
  ) {}

  /** A ZIP with `manifest.json`, `answers.csv` and the files. Written down before the first byte goes out. */
  async send({ communityId, personId }: Member, activityId: string, response: Response): Promise<void> {
    const found = await this.tenancy.inCommunity(communityId, async (em) => {
      const activity = await published(em, communityId, activityId);
      const rows: SubmissionRow[] = await em.query(
        `SELECT ${submissionColumns} FROM ${submissionSource}
         WHERE s.community_id = $1 AND s.activity_id = $2 AND s.withdrawn_at IS NULL ORDER BY s.sent_at, s.id`,
        [communityId, activityId],
      );
      const renditions: Omit<Exported, 'path'>[] = await em.query(
        // Of each file the largest that may be shown.
        `SELECT DISTINCT ON (sm.media_id) sm.media_id AS "mediaId", sm.contribution_id AS "submissionId",
           r.media_type AS "mediaType", r.bytes::float8 AS bytes, r.sha256
         FROM submission s JOIN attachment sm ON sm.community_id = $1 AND sm.contribution_id = s.id
         JOIN media f ON f.community_id = $1 AND f.id = sm.media_id AND f.state = 'ready'
         JOIN rendition r ON r.community_id = $1 AND r.media_id = f.id AND r.name ~ '^(w|v|a)[0-9]+$'
         WHERE s.community_id = $1 AND s.activity_id = $2 AND s.withdrawn_at IS NULL
         ORDER BY sm.media_id, r.bytes DESC`,
        [communityId, activityId],
      );
      const files = renditions.map((file) => ({
        ...file,
        path: `files/${file.submissionId}/${file.mediaId}.${endings[file.mediaType] ?? 'bin'}`,
      }));
      const submissions = rows.map((row) => submissionOf(row, { memberId: null, team: true }));
      const csv = answersOf(activity.body.tasks, submissions);
      const manifest = JSON.stringify(
        {
          activity: { id: activity.id, ...activity.body },
          madeAt: new Date().toISOString(),
          answers: { path: 'answers.csv', sha256: createHash('sha256').update(csv).digest('hex') },
          submissions: submissions.map(({ media: _, mine: __, ...one }) => ({
            ...one,
            files: files
              .filter(({ submissionId }) => submissionId === one.id)
              .map(({ submissionId: ___, ...file }) => file),
          })),
        },
        null,
        2,
      );
      await this.audit.write(em, {
        actor: personId,
        action: 'activity.exported',
        target: activityId,
        detail: {
          submissions: submissions.length,
          files: files.length,
          manifest: createHash('sha256').update(manifest).digest('hex'),
        },
      });
      return { files, csv, manifest };
    });
    response.setHeader('content-type', 'application/zip');
    response.setHeader('content-disposition', `attachment; filename="activity-${activityId}.zip"`);
    response.setHeader('cache-control', 'private, no-store');
    response.setHeader('x-content-type-options', 'nosniff');
    const zip = new ZipFile();
    zip.addBuffer(Buffer.from(found.manifest), 'manifest.json');
    zip.addBuffer(Buffer.from(found.csv), 'answers.csv');
    for (const file of found.files)
      // Opened when it is its turn; pictures and films are compressed already.
      zip.addReadStreamLazy(file.path, { compress: false, size: file.bytes }, (opened) => {
        this.files.open(communityId, file.sha256).then(
          (stream) => opened(null, stream),
          (error: unknown) => opened(error, undefined as never),
        );
      });
    // Without the end of a ZIP nobody takes half of it for the whole.
    zip.on('error', () => response.destroy());
    zip.end();
    await pipeline(zip.outputStream, response).catch(() => response.destroy());
  }
}

/** A line for each submission, a column for each task. */
function answersOf(tasks: readonly TaskBody[], submissions: readonly Submission[]): string {
  const head = [
    'submission',
    'author',
    'entry',
    'sentAt',
    'late',
    'state',
    'quote',
    ...tasks.map(({ prompt }) => prompt),
  ];
  const lines = submissions.map((one) => {
    const given = new Map(one.answers.map((answer) => [answer.taskId, answer]));
    return [
      ...[one.id, one.author.handle, one.entry, one.at, one.late ? 'yes' : 'no', one.state, one.quote],
      ...tasks.map((task) => cellOf(task, given.get(task.id))),
    ];
  });
  return stringify([head, ...lines], { escape_formulas: true });
}

function cellOf({ options }: TaskBody, answer: TaskAnswers[number] | undefined): string | number {
  const label = (id: string) => options.find((option) => option.id === id)?.label ?? '';
  switch (answer?.kind) {
    case 'text':
      return answer.text;
    case 'photo':
    case 'video':
      return [...answer.mediaIds, answer.note ?? []].flat().join('\n');
    case 'pick':
      return answer.choices.map(label).join('\n');
    case 'rank':
      return answer.order.map(label).join('\n');
    case 'scale':
      return answer.value;
    case 'place':
      return answer.pins
        .map(({ x, y, note }) => [x.toFixed(3), y.toFixed(3), note ?? ''].join(' ').trim())
        .join('\n');
    default:
      return '';
  }
}
