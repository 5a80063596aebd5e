import { DeskPage } from '../contributions/desk-page';
import { LoopPage } from '../loop/loop-page';
import { usePlace } from '../platform/place';
import { NotFoundPage } from './trouble';

/** What is for some of the team looks to everybody else as if it were not there; nothing is asked for them either. */
export function ModeratorsDesk() {
  const { role } = usePlace().membership;
  return role === 'moderator' || role === 'producer' || role === 'manager' ? <DeskPage /> : <NotFoundPage />;
}

export function LoopDesk() {
  const { role } = usePlace().membership;
  return role === 'member' ? <NotFoundPage /> : <LoopPage />;
}
