import { Button, Text, Title } from '@mantine/core';
import { CallError } from '@parley/client/http';
import type { Candidacy, Step, Threshold as ThresholdShape } from '@parley/contracts/door';
import type { ErrorCode } from '@parley/contracts/errors';
import IconClock from '@tabler/icons-react/dist/esm/icons/IconClock.mjs';
import IconLock from '@tabler/icons-react/dist/esm/icons/IconLock.mjs';
import IconMail from '@tabler/icons-react/dist/esm/icons/IconMail.mjs';
import IconUserOff from '@tabler/icons-react/dist/esm/icons/IconUserOff.mjs';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FunctionComponent, type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAccent } from '../platform/accent';
import { Loading, useTitle } from '../platform/page';
import { Refusal, useErrorText } from '../platform/refusal';
import { AgeForm } from './age-form';
import { ConsentsForm } from './consents-form';
import { CodeForm, ContactForm } from './contact-form';
import { answersName, forgetTheWay, useArrival, useDoor, useSteps } from './door.data';
import styles from './door.module.css';
import { ScreenerRun } from './screener-run';
import { Standing, Withdraw, Withdrawn } from './standing';
import { Foot, Progress, StepTitle, Trouble } from './step';

interface DoorPageProps {
  /** Takes the person in; rejects when that cannot be done now. */
  onInside: (candidacy: Candidacy) => Promise<void>;
  /** Where else a mail can be read; for the demo. */
  hint?: ReactNode;
}

/** From a link to inside, or to an honest word about what happens instead. */
export function DoorPage({ onInside, hint }: DoorPageProps) {
  const { t } = useTranslation();
  const { here, end } = useArrival();
  const [inside, setInside] = useState<{ candidacy: Candidacy; token: string | null } | null>(null);
  useTitle(t('door.title'));
  useKeyboardInset();
  if (inside) return <Inside {...inside} onInside={onInside} />;
  if (here.kind === 'over') return <Ended />;
  if (here.kind === 'broken') return <Dead title={t('door.broken.title')} text={t('door.broken.text')} />;
  const token = here.kind === 'link' ? here.token : null;
  return (
    <Way
      key={token ?? ''}
      token={token}
      onUnderAge={end}
      onInside={(candidacy) => setInside({ candidacy, token })}
      hint={hint}
    />
  );
}

interface WayProps {
  token: string | null;
  onUnderAge: () => void;
  onInside: (candidacy: Candidacy) => void;
  hint: ReactNode;
}

function Way({ token, onUnderAge, onInside, hint }: WayProps) {
  const { t, i18n } = useTranslation();
  const door = useDoor(token);
  const steps = useSteps(token, onUnderAge);
  const [hasBegun, setHasBegun] = useState(false);
  const [done, setDone] = useState(0);
  const [isOther, setIsOther] = useState(false);
  const { threshold, candidacy } = door.data ?? { threshold: null, candidacy: null };
  useAccent(threshold?.community.accent);
  const isInside = candidacy?.step === 'inside';
  useEffect(() => {
    if (isInside && candidacy) onInside(candidacy);
  }, [isInside, candidacy, onInside]);

  const refused = [steps.age, steps.code, steps.contact].map(({ error }) => error).find(isEnd);
  if (refused) return <Closed error={refused} />;
  if (!threshold)
    return door.error ? (
      <Closed error={door.error} onRetry={() => void door.refetch()} hasLink={!!token} />
    ) : (
      <div className={styles.door}>
        <Loading what={t('door.opening')} />
      </div>
    );
  const step = candidacy?.step ?? (hasBegun ? 'age' : null);
  if (!step || isInside) return <Threshold threshold={threshold} onBegin={() => setHasBegun(true)} />;

  const parts = partsOf(threshold, candidacy, step);
  const place = parts.indexOf(step) + 1;
  const leave = candidacy && <Withdraw candidacy={candidacy} sending={steps.withdraw} />;
  return (
    <div className={styles.door}>
      <header className={styles.place}>
        <Text fw={650} dir="auto">
          {threshold.community.name}
        </Text>
        {place > 0 && <Progress place={place} of={parts.length} within={step === 'questions' ? done : 0.5} />}
      </header>
      <div className={styles.card} key={step}>
        {step === 'age' && (
          <AgeForm
            sending={steps.age}
            onSend={(born) => steps.age.send({ born, locale: i18n.language === 'de' ? 'de' : 'en' })}
          />
        )}
        {step === 'questions' && candidacy?.screener && (
          <ScreenerRun
            questions={candidacy.screener.questions}
            intro={candidacy.screener.intro}
            keepAs={answersName(token)}
            onDone={(answers) => steps.answers.send({ answers })}
            onMove={setDone}
            isSending={steps.answers.isPending}
            trouble={<Trouble error={steps.answers.isPending ? null : steps.answers.error} />}
          />
        )}
        {step === 'consents' && candidacy && (
          <ConsentsForm candidacy={candidacy} sending={steps.consents} leave={leave} />
        )}
        {candidacy && (step === 'contact' || (step === 'code' && isOther)) && (
          <ContactForm
            candidacy={candidacy}
            leave={leave}
            sending={{
              ...steps.contact,
              send: (contact) => {
                setIsOther(false);
                steps.contact.send(contact);
              },
            }}
          />
        )}
        {candidacy && step === 'code' && !isOther && (
          <CodeForm
            candidacy={candidacy}
            sending={steps.code}
            contact={steps.contact}
            onOther={() => setIsOther(true)}
            leave={leave}
            hint={hint}
          />
        )}
        {candidacy && (step === 'waiting' || step === 'notThisTime') && (
          <Standing candidacy={candidacy} steps={steps} hint={hint} />
        )}
        {candidacy && step === 'withdrawn' && <Withdrawn candidacy={candidacy} />}
      </div>
    </div>
  );
}

/** The whole way, as far as it can be known: who has a personal invitation needs no code. */
function partsOf(threshold: ThresholdShape, candidacy: Candidacy | null, step: Step): Step[] {
  const asksCode = !threshold.address && !candidacy?.address?.confirmed;
  return [
    'age',
    ...(threshold.questions || step === 'questions' ? (['questions'] as const) : []),
    'consents',
    'contact',
    ...(asksCode || step === 'code' ? (['code'] as const) : []),
  ];
}

/** Who invites to what, and what it takes. */
function Threshold({ threshold, onBegin }: { threshold: ThresholdShape; onBegin: () => void }) {
  const { t } = useTranslation();
  const { community, from, note, questions, minutes, address } = threshold;
  useTitle(community.name);
  return (
    <div className={`${styles.door} ${styles.threshold}`}>
      <div className={styles.card}>
        <div className={styles.screen}>
          <Text c="dimmed" className={styles.from}>
            {from && (
              <span className={styles.face} aria-hidden="true">
                {[...from.name][0]}
              </span>
            )}
            <span>
              {from
                ? t('door.from', { name: from.name, role: t(`role.${from.role}`) })
                : t('door.fromBrand', { brand: community.brand })}
            </span>
          </Text>
          <div>
            <Title order={1} className={styles.name} dir="auto">
              {community.name}
            </Title>
            <Text c="dimmed">{t('door.brand', { brand: community.brand })}</Text>
          </div>
          <Text dir="auto">{community.purpose}</Text>
          {note && (
            <blockquote className={styles.note} dir="auto">
              {note}
            </blockquote>
          )}
          <section aria-label={t('door.takes')}>
            <ul className={styles.takes}>
              {questions > 0 && (
                <Takes icon={IconClock}>
                  {t('door.takes.questions', {
                    questions: t('door.questions', { count: questions }),
                    time: t('door.minutes', { count: minutes }),
                  })}
                </Takes>
              )}
              <Takes icon={IconMail}>
                {address ? t('door.takes.known', { address }) : t('door.takes.address')}
              </Takes>
              <Takes icon={IconLock}>{t('door.takes.confidential')}</Takes>
              <Takes icon={IconUserOff}>{t('door.takes.stop')}</Takes>
            </ul>
          </section>
          <Foot>
            <Button size="md" fullWidth onClick={onBegin}>
              {t('door.begin')}
            </Button>
          </Foot>
        </div>
      </div>
    </div>
  );
}

interface TakesProps {
  icon: FunctionComponent<{ size?: number; stroke?: number }>;
  children: ReactNode;
}
const Takes = ({ icon: Icon, children }: TakesProps) => (
  <li>
    <Icon size={22} stroke={1.6} aria-hidden />
    <span>{children}</span>
  </li>
);

interface InsideProps extends DoorPageProps {
  candidacy: Candidacy;
  token: string | null;
}

/** Signed in: one sentence while the community opens. */
function Inside({ candidacy, token, onInside }: InsideProps) {
  const { t } = useTranslation();
  const { community } = candidacy.threshold;
  useAccent(community.accent);
  const { mutate, error } = useMutation({
    networkMode: 'always',
    mutationFn: async () => {
      await onInside(candidacy);
      forgetTheWay(token, community.id);
    },
  });
  useEffect(() => mutate(), [mutate]);
  return (
    <div className={styles.door}>
      <div className={styles.card}>
        <StepTitle>{t('door.inside.title')}</StepTitle>
        <Text role="status">{t('door.inside.opening', { community: community.name })}</Text>
        <Refusal error={error} onRetry={() => mutate()} />
      </div>
    </div>
  );
}

/** The same for everybody who cannot take part, whatever they typed; there is nothing to press. */
function Ended() {
  const { t } = useTranslation();
  return (
    <div className={styles.door}>
      <div className={styles.card}>
        <StepTitle>{t('door.ended.title')}</StepTitle>
        <Text>{t('door.ended.text')}</Text>
      </div>
    </div>
  );
}

const ends = [
  'invitation.used',
  'invitation.expired',
  'invitation.revoked',
  'invitation.notForYou',
  'invitation.alreadyIn',
] as const;
type End = (typeof ends)[number];
const endOf = (code: ErrorCode | null) => ends.find((end) => end === code);
const codeOf = (error: unknown): ErrorCode | null => (error instanceof CallError ? error.code : null);
/** After these no step leads on. */
const isEnd = (error: unknown) => !!endOf(codeOf(error));
const forMembers: readonly (End | undefined)[] = ['invitation.used', 'invitation.alreadyIn'];

interface ClosedProps {
  error: unknown;
  onRetry?: () => void;
  hasLink?: boolean;
}

/** A link that leads nowhere now: why, and what to do. */
function Closed({ error, onRetry, hasLink = true }: ClosedProps) {
  const { t } = useTranslation();
  const textOf = useErrorText();
  const code = codeOf(error);
  const end = endOf(code);
  if (end) return <Dead title={t(`door.${end}`)} text={textOf(error)} canSignIn={forMembers.includes(end)} />;
  if (!hasLink && (code === 'auth.required' || code === 'auth.forbidden'))
    return <Dead title={t('door.noLink.title')} text={t('door.noLink.text')} canSignIn />;
  if (code === 'request.notFound')
    return <Dead title={t('door.unknown.title')} text={t('door.unknown.text')} />;
  if (code === 'auth.forbidden') return <Dead title={t('door.unknown.title')} text={t('door.suspended')} />;
  return (
    <div className={styles.door}>
      <div className={styles.card}>
        <StepTitle>{t('door.trouble')}</StepTitle>
        <Refusal error={error} {...(onRetry && { onRetry })} />
      </div>
    </div>
  );
}

interface DeadProps {
  title: string;
  text: string;
  canSignIn?: boolean;
}

function Dead({ title, text, canSignIn = false }: DeadProps) {
  const { t } = useTranslation();
  return (
    <div className={styles.door}>
      <div className={styles.card}>
        <div className={styles.screen}>
          <StepTitle>{title}</StepTitle>
          <Text>{text}</Text>
          {canSignIn && (
            <Foot>
              {/* Who is signed in already comes from there to their community, everybody else to the form. */}
              <Button component={Link} to="/" size="md" fullWidth>
                {t('signIn.title')}
              </Button>
            </Foot>
          )}
        </div>
      </div>
    </div>
  );
}

/** How much of the window the keyboard of a phone covers: the button of a step stands above it. */
function useKeyboardInset() {
  useEffect(() => {
    const view = window.visualViewport;
    if (!view) return;
    const { style } = document.documentElement;
    const measure = () => {
      // Enlarged by two fingers, the view is smaller without a keyboard.
      const covered = view.scale > 1.01 ? 0 : window.innerHeight - view.height - view.offsetTop;
      style.setProperty('--door-keyboard', `${Math.max(0, Math.round(covered))}px`);
    };
    measure();
    view.addEventListener('resize', measure);
    view.addEventListener('scroll', measure);
    return () => {
      view.removeEventListener('resize', measure);
      view.removeEventListener('scroll', measure);
      style.removeProperty('--door-keyboard');
    };
  }, []);
}
