import { Text, Title } from '@mantine/core';
import type { SessionCard } from '@parley/contracts/live';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import styles from './live.module.css';

/** Why a Session is held, what is decided by whom, and when members hear of it. */
export function Brief({ card }: { card: SessionCard }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const { name, title } = card.decisionOwner;
  return (
    <dl className={styles.brief}>
      <Fact name={t('brief.purpose')}>{card.purpose}</Fact>
      <Fact name={t('brief.decision')}>
        {card.decision}
        {card.informsOnly && <span className={styles.informs}>{t('brief.informsOnly')}</span>}
      </Fact>
      <Fact name={t('brief.owner')}>{title ? t('brief.ownerIs', { name, title }) : name}</Fact>
      <Fact name={t('brief.reportBack')}>{date(card.reportBackOn)}</Fact>
    </dl>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd dir="auto">{children}</dd>
  </div>
);

/** A Session's state as a word with a mark. */
export function StatusMark({ status }: { status: SessionCard['status'] }) {
  const { t } = useTranslation();
  return (
    <span className={styles.status} data-status={status}>
      {t(`sessionStatus.${status}`)}
    </span>
  );
}

/** What members see before the first cue: no empty stage, but what will be here and when. */
export function Lobby({ card, here, children }: { card: SessionCard; here: number; children?: ReactNode }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  return (
    <section className={styles.lobby}>
      <StatusMark status={card.status} />
      <Title order={1}>{card.title}</Title>
      <Text size="md">
        {card.status === 'live'
          ? t('lobby.soon')
          : t('lobby.startsAt', { when: moment(card.startsAt), count: card.plannedMinutes })}
      </Text>
      <Brief card={card} />
      <Text c="dimmed">{t('lobby.rules')}</Text>
      {here > 0 && <Text>{t('room.here', { count: here })}</Text>}
      {children}
    </section>
  );
}
