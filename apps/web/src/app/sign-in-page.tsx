import { CallError } from '@parley/client/http';
import type { Me } from '@parley/contracts/people';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useDemoPeople } from '../demo/demo.data';
import { DemoPeople } from '../demo/demo-people';
import { CompanyWay } from '../people/company-way';
import { LinkForm } from '../people/link-form';
import { useSignedIn } from '../people/people.data';
import { SignInForm } from '../people/sign-in-form';
import { useTitle } from '../platform/page';
import { Refusal } from '../platform/refusal';
import styles from './frame.module.css';

/** Signed in, the person goes where they wanted to; the door itself leaves the history. */
function useEnter() {
  const navigate = useNavigate();
  const signedIn = useSignedIn();
  const { next } = useSearch({ strict: false });
  return (me: Me) => {
    signedIn(me);
    void navigate({ to: next ?? '/', replace: true });
  };
}

/** The way in: by mail, or as one of the people of the demo. */
export function SignInPage() {
  const { t } = useTranslation();
  const enter = useEnter();
  const isDemo = !!useDemoPeople().data;
  const { next, refused } = useSearch({ strict: false });
  useTitle(t('signIn.title'));
  return (
    <div className={isDemo ? `${styles.door} ${styles.doorWithPeople}` : styles.door}>
      <div className={styles.form}>
        {refused && (
          <Refusal error={new CallError({ code: refused, message: '', retryable: false, ref: '' })} />
        )}
        <SignInForm onSignedIn={enter} />
        <CompanyWay next={next} />
      </div>
      <DemoPeople onSignedIn={enter} />
    </div>
  );
}

/** Where the link of a mail leads. */
export function SignInLinkPage() {
  const { t } = useTranslation();
  const enter = useEnter();
  useTitle(t('link.title'));
  return (
    <div className={styles.form}>
      <LinkForm onSignedIn={enter} />
    </div>
  );
}
