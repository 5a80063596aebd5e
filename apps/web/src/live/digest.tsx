import { VisuallyHidden } from '@mantine/core';
import type { LiveSession } from '@parley/contracts/live-facts';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

const EVERY = 10_000;

/** What is new, read aloud at most every ten seconds: a line per message would talk without end. */
export function Digest({ session }: { session: LiveSession }) {
  const { t } = useTranslation();
  const [words, setWords] = useState('');
  const latest = useRef(session);
  useEffect(() => {
    latest.current = session;
  }, [session]);
  useEffect(() => {
    let seen = latest.current;
    const newIn = (list: LiveSession['comments'], before: LiveSession['comments'], me: string) => {
      const last = before.at(-1)?.at ?? 0;
      return list.filter(({ at, author }) => at > last && author.memberId !== me).length;
    };
    const timer = setInterval(() => {
      const now = latest.current;
      const me = now.mine.memberId;
      const comments = newIn(now.comments, seen.comments, me);
      const statements = now.statements
        .slice(seen.statements.length)
        .filter(({ author }) => author.memberId !== me).length;
      seen = now;
      setWords(
        [
          comments > 0 && t('digest.comments', { count: comments }),
          statements > 0 && t('digest.statements', { count: statements }),
        ]
          .filter(Boolean)
          .join('; '),
      );
    }, EVERY);
    return () => clearInterval(timer);
  }, [t]);
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {words}
    </VisuallyHidden>
  );
}
