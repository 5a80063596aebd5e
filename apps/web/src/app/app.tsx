import { Look } from '@parley/ui/theme';
import { QueryClientProvider } from '@tanstack/react-query';
import { createRouter, RouterProvider, useRouterState } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useLentAccent } from '../platform/accent';
import { makeQueries } from '../platform/api';
import { useMe } from '../people/people.data';
import { ProveDialog } from '../people/prove-dialog';
import { routes } from './routes';
import { ErrorPage, NotFoundPage } from './trouble';

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

const makeRouter = (queries: ReturnType<typeof makeQueries>) =>
  createRouter({
    routeTree: routes,
    context: { queries },
    defaultErrorComponent: ErrorPage,
    defaultNotFoundComponent: NotFoundPage,
    defaultPendingMs: 300,
    InnerWrap: LookOfThePlace,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}

/** The look takes the accent of the community that is on the screen. */
function LookOfThePlace({ children }: { children: ReactNode }) {
  const slug = useRouterState({
    select: ({ matches }) => (matches.at(-1)?.params as { slug?: string } | undefined)?.slug,
  });
  const place = useMe()?.memberships.find(({ community }) => community.slug === slug);
  const lent = useLentAccent();
  const accent = place?.community.accent ?? lent;
  return (
    <Look nonce={nonce} {...(accent && { accent })}>
      {children}
      <ProveDialog />
    </Look>
  );
}

/** The whole app. */
export function App() {
  const [queries] = useState(makeQueries);
  const [router] = useState(() => makeRouter(queries));
  return (
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
