import { FeedbackDeskPage } from '../commons/feedback-page';
import { IdeasDeskPage } from '../commons/ideas-desk-page';
import { DeskPage } from '../contributions/desk-page';
import { LoopPage } from '../loop/loop-page';
import { AssetsPage } from '../media/assets-page';
import { ShownPage } from '../media/shown-page';
import { usePlace } from '../platform/place';
import { NotFoundPage } from './trouble';

/** What is for some of the team looks to everybody else as if it were not there; nothing is asked for them either. */
export function ModeratorsDesk() {
  const { role } = usePlace().membership;
  return role === 'moderator' || role === 'producer' || role === 'manager' ? <DeskPage /> : <NotFoundPage />;
}

/** The team works on what can be shown; members look at it. */
export function AssetsDesk() {
  const { role } = usePlace().membership;
  return role === 'member' ? <ShownPage /> : <AssetsPage />;
}

export function LoopDesk() {
  const { role } = usePlace().membership;
  return role === 'member' ? <NotFoundPage /> : <LoopPage />;
}

export function IdeasDesk() {
  const { role } = usePlace().membership;
  return role === 'member' ? <NotFoundPage /> : <IdeasDeskPage />;
}

export function FeedbackDesk() {
  const { role } = usePlace().membership;
  return role === 'member' ? <NotFoundPage /> : <FeedbackDeskPage />;
}
