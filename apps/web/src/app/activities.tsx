import { lazy, Suspense } from 'react';
import { Loading } from '../platform/page';
import { usePlace } from '../platform/place';
import { NotFoundPage } from './trouble';

// A phone does not fetch what only the team works with.
const ActivitiesPage = lazy(async () => ({
  default: (await import('../activities/list-page')).ActivitiesPage,
}));
const ActivityPage = lazy(async () => ({
  default: (await import('../activities/activity-page')).ActivityPage,
}));
const ActivitiesDesk = lazy(async () => ({
  default: (await import('../activities/desk-page')).ActivitiesDesk,
}));
const GalleryPage = lazy(async () => ({ default: (await import('../activities/gallery-page')).GalleryPage }));
const EditorPage = lazy(async () => ({ default: (await import('../activities/editor-page')).EditorPage }));

/** The team works on what members do; members do it. */
export function ActivitiesOfPlace() {
  const { role } = usePlace().membership;
  return (
    <Suspense fallback={<Loading lines={6} />}>
      {role === 'member' ? <ActivitiesPage /> : <ActivitiesDesk />}
    </Suspense>
  );
}

export function ActivityOfPlace() {
  const { role } = usePlace().membership;
  return (
    <Suspense fallback={<Loading lines={6} />}>
      {role === 'member' ? <ActivityPage /> : <GalleryPage />}
    </Suspense>
  );
}

export function PlanActivity() {
  const { role } = usePlace().membership;
  if (role !== 'producer' && role !== 'manager') return <NotFoundPage />;
  return (
    <Suspense fallback={<Loading lines={6} />}>
      <EditorPage />
    </Suspense>
  );
}
