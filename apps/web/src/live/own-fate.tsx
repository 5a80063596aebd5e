import type { Fate } from '@parley/contracts/contributions';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { usePlace } from '../platform/place';
import { useNow } from '../platform/realtime';
import styles from './live.module.css';

/** Something just sent, and what its author was told of it. */
export interface Sent {
  id: string;
  body: string;
  fate: Fate;
}

/** Whether there is something to say: what everybody sees needs no word. */
export const isQuiet = ({ moderation, teamOnly }: Fate) => moderation === 'published' && !teamOnly;

interface OwnFatesProps {
  sent: readonly Sent[];
  /** What everybody sees by now. */
  visible: ReadonlySet<string>;
}

/** Own words that not everybody sees yet: why, and until when. */
export function OwnFates({ sent, visible }: OwnFatesProps) {
  const { t } = useTranslation();
  const { slug } = usePlace().membership.community;
  const shown = sent.filter(({ id }) => !visible.has(id));
  if (!shown.length) return null;
  return (
    <ul className={styles.ownFates} aria-label={t('ownFate.label')}>
      {shown.map(({ id, body, fate }) => (
        <li key={id}>
          <span dir="auto">{body}</span>
          <State fate={fate} />
          <Link to="/c/$slug/impact/$contributionId" params={{ slug, contributionId: id }}>
            {t('ownFate.receipt')}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function State({ fate: { teamOnly, next } }: { fate: Fate }) {
  const { t } = useTranslation();
  const { span } = useFormat();
  const now = useNow(next.what === 'release' ? 1_000 : 30_000);
  if (teamOnly) return <small>{t('ownFate.team')}</small>;
  const left = next.by === null ? 0 : (Date.parse(next.by) - now) / 1_000;
  if (next.what === 'release')
    return (
      <small>
        {left > 0 ? t('ownFate.release', { span: span(Math.ceil(left)) }) : t('ownFate.releaseSoon')}
      </small>
    );
  return (
    <small>
      {left > 0 ? t('ownFate.decision', { span: span(Math.max(60, left)) }) : t('ownFate.decisionLate')}
    </small>
  );
}
