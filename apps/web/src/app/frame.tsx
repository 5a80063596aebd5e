import { Button, Menu, useMantineColorScheme } from '@mantine/core';
import { Locale, type Role } from '@parley/contracts/people';
import { Wordmark } from '@parley/ui/wordmark';
import IconSearch from '@tabler/icons-react/dist/esm/icons/IconSearch.mjs';
import IconUserCircle from '@tabler/icons-react/dist/esm/icons/IconUserCircle.mjs';
import { Link, Navigate, Outlet, useLocation, useParams } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { needsProof, useLanguage, useMe, useSignOut } from '../people/people.data';
import { Bell } from '../reach/bell';
import styles from './frame.module.css';

/** The page around what is shown to a signed-in person. */
export function Frame() {
  const { t } = useTranslation();
  const { slug } = useParams({ strict: false });
  const { pathname } = useLocation();
  const me = useMe();
  // The sign-in has ended while the page was open.
  if (me === null) return <Navigate to="/sign-in" search={{ next: pathname }} />;
  // A role that needs more than the mail was given, or a factor was removed, while the page was open.
  if (me && needsProof(me)) return <Navigate to="/prove" search={{ next: pathname }} />;
  const here = me?.memberships.find(
    ({ community, status }) => community.slug === slug && status === 'active',
  );
  // A Session on a phone is about one thing; the way back is the logo.
  const isAtSession = /^\/c\/[^/]+\/sessions\/[^/]+\/?$/.test(pathname);
  return (
    <Page
      header={
        <>
          {here ? (
            <Link to="/c/$slug" params={{ slug: here.community.slug }} className={styles.brand}>
              <img src={here.community.logoUrl} alt="" className={styles.logo} />
              <span>{here.community.name}</span>
            </Link>
          ) : (
            <Link to="/" className={styles.brand}>
              <Wordmark />
              <span>{t('product')}</span>
            </Link>
          )}
          {here && <Places slug={here.community.slug} role={here.role} quiet={isAtSession} />}
          {here && (
            <Link
              to="/c/$slug/search"
              params={{ slug: here.community.slug }}
              className={styles.icon}
              aria-label={t('frame.search')}
            >
              <IconSearch size={22} aria-hidden />
            </Link>
          )}
          {here && (
            <Bell communityId={here.community.id} slug={here.community.slug} className={styles.icon} />
          )}
          {me && (
            <AccountMenu
              name={here?.handle ?? me.name}
              many={me.memberships.length > 1}
              slug={here?.community.slug}
            />
          )}
        </>
      }
    >
      <Outlet />
    </Page>
  );
}

/** Where one can go: what members see, and what the team works on. Where one is stays in sight. */
function Places({ slug, role, quiet }: { slug: string; role: Role; quiet: boolean }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    const row = nav.current;
    const here = row?.querySelector<HTMLElement>('[data-status="active"]');
    if (row && here) row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
  }, [pathname]);
  const moderates = role === 'moderator' || role === 'producer' || role === 'manager';
  const answers = role !== 'member';
  return (
    <nav ref={nav} aria-label={t('frame.nav')} className={styles.nav} data-quiet={quiet || undefined}>
      <Link to="/c/$slug" params={{ slug }} activeOptions={{ exact: true }}>
        {t('frame.home')}
      </Link>
      <Link to="/c/$slug/activities" params={{ slug }}>
        {t(role === 'member' ? 'frame.toDo' : 'frame.activities')}
      </Link>
      <Link to="/c/$slug/talk" params={{ slug }}>
        {t('frame.talk')}
      </Link>
      <Link to="/c/$slug/ideas" params={{ slug }}>
        {t('frame.ideas')}
      </Link>
      <Link to="/c/$slug/updates" params={{ slug }}>
        {t('frame.updates')}
      </Link>
      {role === 'member' && (
        <Link to="/c/$slug/impact" params={{ slug }}>
          {t('frame.impact')}
        </Link>
      )}
      {role === 'member' && (
        <Link to="/c/$slug/assets" params={{ slug }}>
          {t('frame.shown')}
        </Link>
      )}
      {moderates && (
        <Link to="/c/$slug/desk" params={{ slug }}>
          {t('frame.desk')}
        </Link>
      )}
      {answers && (
        <>
          <Link to="/c/$slug/feedback" params={{ slug }}>
            {t('frame.feedback')}
          </Link>
          <Link to="/c/$slug/loop" params={{ slug }}>
            {t('frame.loop')}
          </Link>
          <Link to="/c/$slug/assets" params={{ slug }}>
            {t('frame.assets')}
          </Link>
        </>
      )}
      {role === 'manager' && (
        <>
          <Link to="/c/$slug/door" params={{ slug }}>
            {t('frame.door')}
          </Link>
          <Link to="/c/$slug/people" params={{ slug }}>
            {t('frame.people')}
          </Link>
        </>
      )}
    </nav>
  );
}

/** The page around what everybody may see. */
export function Porch() {
  const { t, i18n } = useTranslation();
  const language = useLanguage();
  const others = Locale.options.filter((locale) => locale !== i18n.language);
  return (
    <Page
      header={
        <>
          <Link to="/" className={styles.brand}>
            <Wordmark />
            <span>{t('product')}</span>
          </Link>
          {others.map((locale) => (
            <Button
              key={locale}
              variant="subtle"
              color="gray"
              c="inherit"
              lang={locale}
              onClick={() => language.choose(locale)}
            >
              {t(`language.${locale}`)}
            </Button>
          ))}
        </>
      }
    >
      <Outlet />
    </Page>
  );
}

function Page({ header, children }: { header: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(pathname);
  // A new page begins at its top, for the eye and for a screen reader.
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return (
    <div className={styles.page}>
      <a href="#main" className={styles.skip}>
        {t('page.skip')}
      </a>
      <header className={styles.header}>{header}</header>
      <main id="main" ref={main} tabIndex={-1} className={styles.main}>
        {children}
      </main>
    </div>
  );
}

function AccountMenu({ name, many, slug }: { name: string; many: boolean; slug: string | undefined }) {
  const { t, i18n } = useTranslation();
  const language = useLanguage();
  const leave = useSignOut();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const scheme = colorScheme === 'auto' ? 'light' : colorScheme === 'light' ? 'dark' : 'auto';
  return (
    <Menu position="bottom-end" width={240} withinPortal={false}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          c="inherit"
          aria-label={t('account.menu', { name })}
          leftSection={<IconUserCircle size={20} aria-hidden />}
          className={styles.account}
        >
          {name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to="/account">
          {t('account.title')}
        </Menu.Item>
        {slug && (
          <Menu.Item component={Link} to={`/c/${slug}/profile`}>
            {t('profile.menu')}
          </Menu.Item>
        )}
        {slug && (
          <Menu.Item component={Link} to={`/c/${slug}/standing`}>
            {t('standing.title')}
          </Menu.Item>
        )}
        {many && (
          <Menu.Item component={Link} to="/">
            {t('account.communities')}
          </Menu.Item>
        )}
        {Locale.options
          .filter((locale) => locale !== i18n.language)
          .map((locale) => (
            <Menu.Item key={locale} lang={locale} onClick={() => language.choose(locale)}>
              {t(`language.${locale}`)}
            </Menu.Item>
          ))}
        <Menu.Item closeMenuOnClick={false} onClick={() => setColorScheme(scheme)}>
          {t('account.schemeNow', { scheme: t(`scheme.${colorScheme}`) })}
        </Menu.Item>
        <Menu.Item onClick={() => leave.mutate()}>{t('account.signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
