import { BringPage } from '../commons/bring-page';
import { DeskPage } from '../door/desk-page';
import { PeoplePage } from '../people/people-page';
import { usePlace } from '../platform/place';
import { NotFoundPage } from './trouble';

/** What is for managers alone looks to everybody else as if it were not there; nothing is asked for them either. */
const useIsManager = () => usePlace().membership.role === 'manager';

export function ManagersDesk() {
  return useIsManager() ? <DeskPage /> : <NotFoundPage />;
}

export function ManagersPeople() {
  return useIsManager() ? <PeoplePage /> : <NotFoundPage />;
}

export function ManagersBring() {
  return useIsManager() ? <BringPage /> : <NotFoundPage />;
}
