import { Controller } from '@nestjs/common';
import {
  acceptSubmission,
  exportActivityPath,
  featureSubmission,
  listActivities,
  listActivityDesk,
  listExcerpts,
  listShared,
  mendSubmission,
  moveActivity,
  publishActivity,
  quoteSubmission,
  readActivity,
  readGallery,
  remindActivity,
  removeExcerpt,
  returnSubmission,
  saveActivity,
  saveExcerpt,
  saveSubmissionDraft,
  sendSubmission,
} from '@parley/contracts/activities';
import { Id, type InputOf } from '@parley/contracts/contract';
import type { Response } from 'express';
import { type Member, members, type Overseer, teamRoles } from '../platform/doors';
import { notFound } from '../platform/errors';
import { FileRoute, type Passing, Route } from '../platform/transport';
import { ActivitiesService } from './activities.service';
import { CalendarService } from './calendar.service';
import { ExportService } from './export.service';
import { GalleryService } from './gallery.service';
import { SubmissionsService } from './submissions.service';

const anyone = members(undefined, { glass: true });
/** What the team sends would sway what it decides about. */
const doing = members(['member'], { partaking: true });
const own = members(['member']);
const team = members(teamRoles);
const planning = members(['producer', 'manager']);
const deciding = members(['moderator', 'producer', 'manager']);

/** Activities: what the brand asks, what members send, and what the team does with it. */
@Controller()
export class ActivitiesController {
  constructor(
    private readonly activities: ActivitiesService,
    private readonly submissions: SubmissionsService,
    private readonly gallery: GalleryService,
    private readonly calendar: CalendarService,
    private readonly exporting: ExportService,
  ) {}

  @Route(listActivities, anyone)
  async list(caller: Member | Overseer) {
    return { activities: await this.activities.list(caller) };
  }

  @Route(readActivity, anyone)
  read(caller: Member | Overseer, { activityId }: InputOf<typeof readActivity>) {
    return this.activities.read(caller, activityId);
  }

  @Route(saveSubmissionDraft, doing)
  saveDraft(caller: Member, input: InputOf<typeof saveSubmissionDraft>) {
    return this.submissions.saveDraft(caller, input);
  }

  @Route(sendSubmission, doing)
  send(caller: Member, input: InputOf<typeof sendSubmission>) {
    return this.submissions.send(caller, input);
  }

  @Route(mendSubmission, doing)
  mend(caller: Member, input: InputOf<typeof mendSubmission>) {
    return this.submissions.mend(caller, input);
  }

  @Route(quoteSubmission, own)
  quote(caller: Member, { submissionId, quote }: InputOf<typeof quoteSubmission>) {
    return this.submissions.quote(caller, submissionId, quote);
  }

  @Route(listShared, anyone)
  shared(caller: Member | Overseer, { activityId, cursor }: InputOf<typeof listShared>) {
    return this.submissions.shared(caller, activityId, cursor);
  }

  @Route(listActivityDesk, team)
  async desk(caller: Member) {
    return { activities: await this.activities.desk(caller) };
  }

  @Route(saveActivity, planning)
  save(caller: Member, { activityId, draft }: InputOf<typeof saveActivity>) {
    return this.activities.save(caller, activityId, draft);
  }

  @Route(publishActivity, planning)
  publish(caller: Member, { activityId, body }: InputOf<typeof publishActivity>) {
    return this.activities.publish(caller, activityId, body);
  }

  @Route(moveActivity, planning)
  move(caller: Member, { activityId, move }: InputOf<typeof moveActivity>) {
    return this.activities.move(caller, activityId, move);
  }

  @Route(remindActivity, planning)
  async remind(caller: Member, { activityId }: InputOf<typeof remindActivity>) {
    return { told: await this.calendar.remind(caller, activityId) };
  }

  @Route(readGallery, team)
  look(caller: Member, { activityId, communityId: _, ...filter }: InputOf<typeof readGallery>) {
    return this.gallery.read(caller, activityId, filter);
  }

  @Route(acceptSubmission, deciding)
  accept(caller: Member, { activityId, submissionId }: InputOf<typeof acceptSubmission>) {
    return this.gallery.accept(caller, activityId, submissionId);
  }

  @Route(returnSubmission, deciding)
  giveBack(caller: Member, { activityId, submissionId, note, taskIds }: InputOf<typeof returnSubmission>) {
    return this.gallery.giveBack(caller, activityId, submissionId, { note, taskIds });
  }

  @Route(featureSubmission, deciding)
  feature(caller: Member, { activityId, submissionId, featured }: InputOf<typeof featureSubmission>) {
    return this.gallery.feature(caller, activityId, submissionId, featured);
  }

  @Route(saveExcerpt, team)
  saveExcerpt(caller: Member, input: InputOf<typeof saveExcerpt>) {
    return this.gallery.saveExcerpt(caller, input);
  }

  @Route(removeExcerpt, team)
  async removeExcerpt(caller: Member, { activityId, excerptId }: InputOf<typeof removeExcerpt>) {
    await this.gallery.removeExcerpt(caller, activityId, excerptId);
    return {};
  }

  @Route(listExcerpts, team)
  async excerpts(caller: Member, { activityId }: InputOf<typeof listExcerpts>) {
    return { excerpts: await this.gallery.listExcerpts(caller, activityId) };
  }

  @FileRoute(exportActivityPath, members(['manager'], { fresh: true }))
  async exportAll(caller: Member, params: Record<string, string>, _request: Passing, response: Response) {
    const activityId = Id.safeParse(params['activityId']);
    if (!activityId.success) throw notFound();
    await this.exporting.send(caller, activityId.data, response);
  }
}
