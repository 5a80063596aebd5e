import { linkOptions } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Parts } from '../platform/parts';
import { usePlace } from '../platform/place';

/** The manager's desk of the door. */
export function DeskPage() {
  const { t } = useTranslation();
  const params = { slug: usePlace().membership.community.slug };
  return (
    <Parts
      title={t('desk.title')}
      label={t('desk.parts')}
      parts={[
        { link: linkOptions({ to: '/c/$slug/door', params }), label: t('desk.part.overview') },
        { link: linkOptions({ to: '/c/$slug/door/invitations', params }), label: t('desk.part.invitations') },
        { link: linkOptions({ to: '/c/$slug/door/screener', params }), label: t('desk.part.screener') },
        { link: linkOptions({ to: '/c/$slug/door/quotas', params }), label: t('desk.part.quotas') },
        { link: linkOptions({ to: '/c/$slug/door/waiting', params }), label: t('desk.part.waiting') },
      ]}
    />
  );
}
