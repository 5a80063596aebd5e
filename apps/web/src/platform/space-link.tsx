import type { SpaceKind } from '@parley/contracts/contributions';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { usePlace } from './place';

interface SpaceLinkProps {
  space: { id: string; kind: SpaceKind; title: string };
  className?: string;
  /** What it says, where that is not the title alone. */
  children?: ReactNode;
}

/** To the page where something was said: a Session, an Activity, a place to talk, or an Update. */
export function SpaceLink({ space: { id, kind, title }, className, children = title }: SpaceLinkProps) {
  const { slug } = usePlace().membership.community;
  if (kind === 'discussion')
    return (
      <Link to="/c/$slug/talk/$placeId" params={{ slug, placeId: id }} className={className}>
        {children}
      </Link>
    );
  // What was said without being asked stands nowhere but in its receipt.
  if (kind === 'feedback') return <span className={className}>{children}</span>;
  if (kind === 'group' || kind === 'call')
    return (
      <Link to="/c/$slug/groups" params={{ slug }} className={className}>
        {children}
      </Link>
    );
  if (kind === 'challenge' || kind === 'jobs' || kind === 'suggestions')
    return (
      <Link to="/c/$slug/ideas/$placeId" params={{ slug, placeId: id }} className={className}>
        {children}
      </Link>
    );
  if (kind === 'activity')
    return (
      <Link to="/c/$slug/activities/$activityId" params={{ slug, activityId: id }} className={className}>
        {children}
      </Link>
    );
  return kind === 'session' ? (
    <Link to="/c/$slug/sessions/$sessionId" params={{ slug, sessionId: id }} className={className}>
      {children}
    </Link>
  ) : (
    <Link to="/c/$slug/updates/$updateId" params={{ slug, updateId: id }} className={className}>
      {children}
    </Link>
  );
}
