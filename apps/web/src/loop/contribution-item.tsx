import { Button, Checkbox, Group, Text, VisuallyHidden } from '@mantine/core';
import type { TeamContribution } from '@parley/contracts/moderation';
import IconCheck from '@tabler/icons-react/dist/esm/icons/IconCheck.mjs';
import IconLock from '@tabler/icons-react/dist/esm/icons/IconLock.mjs';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFateWords } from '../platform/fate-words';
import { useFormat } from '../platform/format';
import styles from './loop-desk.module.css';

interface ContributionItemProps {
  contribution: TeamContribution;
  isCurrent: boolean;
  isSelected: boolean;
  /** The keyboard comes in here. */
  isEntry: boolean;
  mayUse: boolean;
  onCurrent: () => void;
  onSelect: (selected: boolean) => void;
  onGroup: () => void;
  onUse: () => void;
  onReply: () => void;
  /** Takes it out of sight, or brings it back; null where this person, or its state, does not allow it. */
  onSight: (() => void) | null;
  children?: ReactNode;
}

/** What one member said, in their own words, large; what has become of it in a quiet line below. */
export function ContributionItem(props: ContributionItemProps) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const { contribution, isCurrent, isSelected, isEntry, mayUse } = props;
  const { id, author, body, at, space, teamOnly, themes, readByMe } = contribution;
  const state = useFateWords().state(contribution);
  return (
    <article
      id={`said-${id}`}
      data-contribution={id}
      tabIndex={isEntry ? 0 : -1}
      aria-current={isCurrent || undefined}
      aria-label={t('reading.saidBy', { handle: author.handle })}
      className={styles.said}
      onFocus={props.onCurrent}
      onClick={props.onCurrent}
    >
      <div className={styles.saidHead}>
        <label className={styles.tick}>
          <Checkbox
            size="md"
            checked={isSelected}
            aria-label={t('reading.select', { handle: author.handle })}
            onChange={(event) => props.onSelect(event.currentTarget.checked)}
          />
        </label>
        <Text className={styles.small}>
          <strong>{author.handle}</strong>
          {' · '}
          {moment(at)}
          {' · '}
          {space.title}
        </Text>
        {readByMe && (
          <span className={styles.read}>
            <IconCheck size={16} aria-hidden /> {t('reading.read')}
          </span>
        )}
      </div>
      <p className={styles.words} dir="auto">
        {body}
      </p>
      <div className={styles.saidFoot}>
        <Text className={styles.small}>
          {teamOnly && (
            <>
              <IconLock size={14} aria-hidden />{' '}
            </>
          )}
          {state}
          {themes.map(({ id: themeId, label }) => (
            <span key={themeId} className={styles.theme}>
              <VisuallyHidden>{t('reading.inTheme')} </VisuallyHidden>
              {label}
            </span>
          ))}
        </Text>
        <Group gap={0} className={styles.quiet}>
          <Button variant="subtle" color="gray" onClick={props.onGroup}>
            {t('reading.group')}
          </Button>
          {mayUse && (
            <Button variant="subtle" color="gray" onClick={props.onUse}>
              {t('reading.use')}
            </Button>
          )}
          <Button variant="subtle" color="gray" onClick={props.onReply}>
            {t('reading.reply')}
          </Button>
          {props.onSight && (
            <Button variant="subtle" color="gray" onClick={props.onSight}>
              {t(contribution.moderation === 'hidden' ? 'reading.restore' : 'reading.hide')}
            </Button>
          )}
        </Group>
      </div>
      {props.children}
    </article>
  );
}
