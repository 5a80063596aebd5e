import { linkOptions } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Parts } from '../platform/parts';
import { usePlace } from '../platform/place';
import styles from './desk.module.css';

/** The moderators' desk: what waits, what was decided, and the rules. */
export function DeskPage() {
  const { t } = useTranslation();
  const params = { slug: usePlace().membership.community.slug };
  return (
    <div className={styles.desk}>
      <Parts
        title={t('moderate.title')}
        label={t('moderate.parts')}
        parts={[
          { link: linkOptions({ to: '/c/$slug/desk', params }), label: t('moderate.part.held') },
          { link: linkOptions({ to: '/c/$slug/desk/log', params }), label: t('moderate.part.log') },
          { link: linkOptions({ to: '/c/$slug/desk/rules', params }), label: t('moderate.part.rules') },
        ]}
      />
    </div>
  );
}
