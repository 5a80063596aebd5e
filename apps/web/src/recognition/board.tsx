import { Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Loading, Nothing } from '../platform/page';
import { Refusal } from '../platform/refusal';
import { useLevel } from './points';
import { useBoard } from './recognition.data';
import styles from './recognition.module.css';

/** The season's first page. */
export function Board() {
  const { t } = useTranslation();
  const board = useBoard(true);
  const inWords = useLevel();
  return (
    <section className={styles.part} aria-labelledby="board">
      <Title order={2} id="board">
        {t('standing.board')}
      </Title>
      <Refusal error={board.error} onRetry={() => void board.refetch()} />
      {board.isPending && <Loading lines={4} />}
      {board.data && !board.data.ranked.length && <Nothing>{t('standing.boardNone')}</Nothing>}
      <ol className={styles.board}>
        {board.data?.ranked.map(({ memberId, rank, handle, level, score }) => (
          <li key={memberId}>
            <strong>{rank}</strong>
            <span dir="auto">{handle}</span>
            <span className={styles.quiet}>{inWords(level, score)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
