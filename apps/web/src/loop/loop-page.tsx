import { linkOptions } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Parts } from '../platform/parts';
import { usePlace } from '../platform/place';

/** The team's part of the loop: what was said, what is answered, and by when. */
export function LoopPage() {
  const { t } = useTranslation();
  const params = { slug: usePlace().membership.community.slug };
  return (
    <Parts
      title={t('loopDesk.title')}
      label={t('loopDesk.parts')}
      parts={[
        { link: linkOptions({ to: '/c/$slug/loop', params }), label: t('loopDesk.part.reading') },
        { link: linkOptions({ to: '/c/$slug/loop/updates', params }), label: t('loopDesk.part.updates') },
        { link: linkOptions({ to: '/c/$slug/loop/promises', params }), label: t('loopDesk.part.promises') },
      ]}
    />
  );
}
