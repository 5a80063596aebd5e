import { Title } from '@mantine/core';
import { Link, type LinkProps, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import styles from './parts.module.css';
import { useTitle } from './page';
import { usePlace } from './place';

interface PartsProps {
  title: string;
  /** Names the way between the parts. */
  label: string;
  /** The first is the desk itself. */
  parts: readonly { link: LinkProps; label: string }[];
}

/** A desk of several parts, of which one is shown: its title, and the way between them. */
export function Parts({ title, label, parts }: PartsProps) {
  useTitle(title, usePlace().membership.community.name);
  const { pathname } = useLocation();
  const nav = useRef<HTMLElement>(null);
  // On a phone the parts may not fit beside each other: the one that is shown is in sight.
  useEffect(() => {
    nav.current
      ?.querySelector('[aria-current=page]')
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [pathname]);
  return (
    <div className={styles.desk}>
      <Title order={1}>{title}</Title>
      <nav ref={nav} aria-label={label} className={styles.parts}>
        {parts.map((part, place) => (
          <Link
            key={part.label}
            {...part.link}
            activeOptions={{ exact: place === 0, includeSearch: false }}
            className={styles.part}
          >
            {part.label}
          </Link>
        ))}
      </nav>
      <Outlet />
    </div>
  );
}
