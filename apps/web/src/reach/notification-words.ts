import { type Notification, toldOf, toldSteps } from '@parley/contracts/reach';
import { linkOptions } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';

/** What a notification says, in one line. */
export function useNotificationWords() {
  const { t } = useTranslation();
  const { date } = useFormat();
  return ({ kind, data }: Notification): string => {
    const title = data.title ?? '';
    const on = data.on ? date(data.on) : '';
    switch (kind) {
      case 'receipt':
        return t(`told.receipt.${toldSteps.find((step) => step === data.step) ?? 'other'}`);
      case 'reply':
        return data.by ? t('told.reply', { by: data.by }) : t('told.replyTeam');
      case 'itemsWait':
        return t('told.itemsWait', { count: data.count ?? 1 });
      case 'group':
        return t(`told.group.${toldOf.group.find((what) => what === data.group) ?? 'founded'}`, {
          ...{ title, by: data.by ?? '' },
        });
      case 'call':
        return t(`told.call.${toldOf.call.find((what) => what === data.group) ?? 'made'}`, {
          ...{ title, on, by: data.by ?? '' },
        });
      case 'meetup':
        return t(`told.meetup.${data.group === 'cancelled' ? 'cancelled' : 'on'}`, {
          ...{ title, on, by: data.by ?? '' },
        });
      case 'kudos':
        return t(`told.kudos.${data.kudos ?? 'helped'}`, { by: data.by ?? '' });
      case 'recognition':
        return t(`told.recognition.${data.offer ?? 'firstLook'}`, { by: data.by ?? '' });
      case 'idea':
        return t(`told.idea.${data.status ?? 'answered'}`, { title, on, by: data.by ?? '' });
      case 'ideasLate':
        return t('told.ideasLate', { title, count: data.count ?? 1 });
      case 'feedbackLate':
        return t('told.feedbackLate', { count: data.count ?? 1 });
      case 'ideaRefined':
      case 'ideaBack':
      case 'coAuthor':
        return t(`told.${kind}`, { title, by: data.by ?? '' });
      case 'mention':
        return t('told.mention', { title, by: data.by ?? '' });
      case 'fileRefused':
        return t('told.fileRefused', { title, file: data.file ?? '' });
      case 'activityDue':
      case 'promiseMoved':
      case 'promiseDue':
      case 'promiseLate':
        return t(`told.${kind}`, { title, on });
      default:
        return t(`told.${kind}`, { title });
    }
  };
}

/** The page that it is about. */
export function pageOf(
  { kind, data: { contributionId, updateId, activityId, topicId, ideaId, groupId } }: Notification,
  slug: string,
) {
  const params = { slug };
  if (groupId && !updateId) return linkOptions({ to: '/c/$slug/groups/$groupId', params: { slug, groupId } });
  if (ideaId) return linkOptions({ to: '/c/$slug/ideas/idea/$ideaId', params: { slug, ideaId } });
  if (topicId) return linkOptions({ to: '/c/$slug/talk/topics/$topicId', params: { slug, topicId } });
  if (activityId) return linkOptions({ to: '/c/$slug/activities/$activityId', params: { slug, activityId } });
  switch (kind) {
    case 'itemsWait':
      return linkOptions({ to: '/c/$slug/desk', params });
    case 'recognition':
    case 'circle':
      return linkOptions({ to: '/c/$slug/standing', params });
    case 'ideasLate':
      return linkOptions({ to: '/c/$slug/ideas/desk', params });
    case 'feedbackLate':
      return linkOptions({ to: '/c/$slug/feedback', params });
    case 'promiseDue':
    case 'promiseLate':
      return linkOptions({ to: '/c/$slug/loop/promises', params });
    case 'approval':
      return updateId
        ? linkOptions({ to: '/c/$slug/loop/updates/$updateId', params: { slug, updateId } })
        : linkOptions({ to: '/c/$slug/loop/updates', params });
    case 'promiseMoved':
      return linkOptions({ to: '/c/$slug/promises', params });
    default:
      if (updateId && kind !== 'reply')
        return linkOptions({ to: '/c/$slug/updates/$updateId', params: { slug, updateId } });
      return contributionId
        ? linkOptions({ to: '/c/$slug/impact/$contributionId', params: { slug, contributionId } })
        : linkOptions({ to: '/c/$slug/impact', params });
  }
}
