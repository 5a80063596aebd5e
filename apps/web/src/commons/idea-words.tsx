import type { Idea, IdeaPlace } from '@parley/contracts/ideas';
import type { Audience } from '@parley/contracts/commons';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../platform/format';
import { useNamed } from '../platform/named';
import styles from './ideas.module.css';

/** Where an idea is, in a word; with the day where one was named. */
export function Status({ idea: { status, on } }: { idea: Pick<Idea, 'status' | 'on'> }) {
  const { t } = useTranslation();
  const { date } = useFormat();
  const name = t(`idea.status.${status}`);
  return (
    <span className={styles.status} data-status={status}>
      {on ? t('idea.status.on', { status: name, when: date(on) }) : name}
    </span>
  );
}

/** The same as a sentence, with who and by when. */
export function useStatusWords() {
  const { t } = useTranslation();
  const { date } = useFormat();
  const named = useNamed();
  return ({ status, on, owner, acknowledge }: Idea): string => {
    const who = owner ? named(owner) : acknowledge.who ? named(acknowledge.who) : t('idea.team');
    if (status === 'new') {
      const when = date(acknowledge.by);
      return t(Date.parse(acknowledge.by) < Date.now() ? 'idea.says.newLate' : 'idea.says.new', { when });
    }
    return t(`idea.says.${status}`, { who, on: on ? date(on) : '' });
  };
}

/** Everybody who wrote it; of what was brought along who is named there, or where it is from. */
export const authorsOf = ({ author, coAuthors, imported }: Idea) =>
  imported ? (imported.by ?? imported.from) : [author, ...coAuthors].map(({ handle }) => handle).join(', ');

/** Whom a place is for, where not for everybody. */
export function ForWhom({ audience }: { audience: Audience }) {
  const { t } = useTranslation();
  const { types, circle, segmentId } = audience;
  if (!types.length && !circle && !segmentId) return null;
  const names = types.map((type) => t(`member.type.${type}`)).join(', ');
  return (
    <p className={styles.private}>
      {[
        circle && t('ideas.audience.circle'),
        names && t('ideas.audience.types', { types: names }),
        segmentId && t('ideas.audience.chosen'),
      ]
        .filter(Boolean)
        .join(' · ')}
    </p>
  );
}

/** What one does in a place of this kind. */
export const sendWords = {
  challenge: 'ideas.send',
  jobs: 'ideas.sendJob',
  suggestions: 'ideas.sendSuggestion',
} as const;

/** The kind of a place for ideas; a place to talk is none. */
export const kindOf = ({ kind }: Pick<IdeaPlace, 'kind'>) =>
  kind === 'discussion' || kind === 'group' ? 'challenge' : kind;
