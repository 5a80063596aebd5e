import { Button, Checkbox, Text } from '@mantine/core';
import { COMMENT_MAX } from '@parley/contracts/contributions';
import type { FeedbackPage } from '@parley/contracts/feedback';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clock } from '../platform/format';
import { useNamed } from '../platform/named';
import { useOp } from '../platform/op';
import { useOpener } from '../platform/opener';
import { usePlace } from '../platform/place';
import styles from './feedback.module.css';
import { useFeedbackPrompt, useSendFeedback } from './feedback.data';
import { WriteForm } from './write-form';

/** What is before the reader: the asset nearest to the middle of the screen, and the second where it is a film. */
interface Before {
  assetId: string;
  title: string;
  second: number | null;
}

function lookAround(): Before | null {
  const middle = window.innerHeight / 2;
  const shown = [...document.querySelectorAll<HTMLElement>('[data-asset]')].flatMap((element) => {
    const seen = element.firstElementChild?.getBoundingClientRect();
    return seen && seen.bottom > 0 && seen.top < window.innerHeight
      ? [{ element, far: Math.abs((seen.top + seen.bottom) / 2 - middle) }]
      : [];
  });
  const nearest = shown.sort((a, b) => a.far - b.far)[0]?.element;
  const { asset, title } = nearest?.dataset ?? {};
  if (!nearest || !asset || !title) return null;
  const film = nearest.querySelector('video');
  return { assetId: asset, title, second: film ? Math.floor(film.currentTime) : null };
}

const moods = [1, 2, 3, 4, 5] as const;

/** Stands on every page: whoever wants to say something about it can, without being asked. */
export function SaySomething({ page }: { page: FeedbackPage }) {
  const { t } = useTranslation();
  const prompt = useFeedbackPrompt(page, null);
  const [before, setBefore] = useState<Before | null>();
  const isOpen = before !== undefined;
  const opener = useOpener(isOpen);
  if (!prompt.data) return null;
  return (
    <aside className={styles.say} aria-label={t('feedback.say')}>
      {isOpen ? (
        <Form page={page} before={before} onDone={() => setBefore(undefined)} />
      ) : (
        <Button ref={opener} variant="subtle" onClick={() => setBefore(lookAround())}>
          {t('feedback.say')}
        </Button>
      )}
    </aside>
  );
}

function Form({ page, before, onDone }: { page: FeedbackPage; before: Before | null; onDone: () => void }) {
  const { t } = useTranslation();
  const named = useNamed();
  const { memberId } = usePlace().membership;
  const [attached, setAttached] = useState(before !== null);
  const about = attached ? before : null;
  const prompt = useFeedbackPrompt(page, about?.assetId ?? null);
  const send = useSendFeedback();
  const op = useOp();
  const [mood, setMood] = useState<number | null>(null);
  const [isSent, setSent] = useState(false);
  if (isSent)
    return (
      <div className={styles.form} role="status">
        <Text>{t('feedback.sent')}</Text>
        <Button variant="default" w="fit-content" onClick={onDone}>
          {t('feedback.close')}
        </Button>
      </div>
    );
  const stands = prompt.data;
  return (
    <div className={styles.form}>
      <WriteForm
        name={`parley:feedback:${memberId}`}
        label={stands?.prompt ?? t('feedback.usual')}
        most={COMMENT_MAX}
        send={t('feedback.send')}
        isPending={send.isPending}
        error={send.error}
        autoFocus
        onCancel={onDone}
        onSend={(body, sent) =>
          send.mutate(
            {
              ...{ page, body, mood, assetId: about?.assetId ?? null, second: about?.second ?? null },
              opId: op.idOf(JSON.stringify([page, body, mood, about])),
            },
            {
              onSuccess: () => {
                sent();
                op.isIn();
                setSent(true);
              },
            },
          )
        }
      >
        <Text fw={600}>{t('feedback.about')}</Text>
        {before && (
          <Checkbox
            label={
              before.second === null
                ? t('feedback.attach', { title: before.title })
                : t('feedback.attachAt', { title: before.title, at: clock(before.second) })
            }
            checked={attached}
            onChange={({ currentTarget: { checked } }) => setAttached(checked)}
          />
        )}
        <div role="group" aria-label={t('feedback.mood')} className={styles.moods}>
          <Text size="sm" c="dimmed">
            {t('feedback.mood')}
          </Text>
          {moods.map((each) => (
            <Button
              key={each}
              size="compact-md"
              variant={mood === each ? 'filled' : 'default'}
              aria-pressed={mood === each}
              onClick={() => setMood(mood === each ? null : each)}
            >
              {t(`feedback.mood.${each}`)}
            </Button>
          ))}
        </div>
        <Text size="sm" c="dimmed">
          {t('feedback.private')}{' '}
          {stands &&
            (stands.replyDays === null
              ? t('feedback.noReply')
              : t('feedback.reply', { who: named(stands.owner), count: stands.replyDays }))}
        </Text>
      </WriteForm>
    </div>
  );
}
