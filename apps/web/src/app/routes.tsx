import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { meQuery, needsProof } from '../people/people.data';
import { Frame, Porch } from './frame';

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Outlet });

// --- before the door: no sign-in needed ---

/** Why the company's sign-in led back here. */
type Refused = 'company.failed' | 'company.notForYou';

/** Only a path of our own: a link must not lead out of the house after signing in. */
const pathOfOurs = (next: unknown): { next?: string } =>
  typeof next === 'string' && /^\/(?![/\\])/.test(next) ? { next } : {};

const porch = createRoute({ getParentRoute: () => root, id: 'porch', component: Porch });

const signIn = createRoute({
  getParentRoute: () => porch,
  path: '/sign-in',
  validateSearch: ({ next, refused }: Record<string, unknown>): { next?: string; refused?: Refused } => ({
    ...pathOfOurs(next),
    ...((refused === 'company.failed' || refused === 'company.notForYou') && { refused }),
  }),
  component: lazyRouteComponent(() => import('./sign-in-page'), 'SignInPage'),
});

const prove = createRoute({
  getParentRoute: () => porch,
  path: '/prove',
  validateSearch: ({ next }: Record<string, unknown>) => pathOfOurs(next),
  beforeLoad: async ({ context, search: { next } }) => {
    const me = await context.queries.ensureQueryData(meQuery);
    if (!me) throw redirect({ to: '/sign-in', search: next ? { next } : {} });
    if (!needsProof(me)) throw redirect({ to: next ?? '/' });
  },
  component: lazyRouteComponent(() => import('./prove-page'), 'ProvePage'),
});

const signInLink = createRoute({
  getParentRoute: () => porch,
  path: '/sign-in/link',
  component: lazyRouteComponent(() => import('./sign-in-page'), 'SignInLinkPage'),
});

const door = createRoute({
  getParentRoute: () => porch,
  path: '/door',
  component: lazyRouteComponent(() => import('./door'), 'DoorEntry'),
});

const publicUpdate = createRoute({
  getParentRoute: () => porch,
  path: '/public/$communityId/$updateId',
  component: lazyRouteComponent(() => import('../loop/public-page'), 'PublicPage'),
});

const mails = createRoute({
  getParentRoute: () => porch,
  path: '/demo/mails',
  component: lazyRouteComponent(() => import('../demo/mails-page'), 'MailsPage'),
});

// --- inside: only with a sign-in ---

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: async ({ context, location }) => {
    const me = await context.queries.ensureQueryData(meQuery);
    const search = location.href === '/' ? {} : { next: location.href };
    if (!me) throw redirect({ to: '/sign-in', search });
    if (needsProof(me)) throw redirect({ to: '/prove', search });
  },
  component: Frame,
});

const entry = createRoute({
  getParentRoute: () => inside,
  path: '/',
  component: lazyRouteComponent(() => import('./entry-page'), 'EntryPage'),
});

const account = createRoute({
  getParentRoute: () => inside,
  path: '/account',
  component: lazyRouteComponent(() => import('../people/account-page'), 'AccountPage'),
});

const community = createRoute({
  getParentRoute: () => inside,
  path: '/c/$slug',
  component: lazyRouteComponent(() => import('./community'), 'CommunityPage'),
});

const home = createRoute({
  getParentRoute: () => community,
  path: '/',
  component: lazyRouteComponent(() => import('./home'), 'Home'),
});

const session = createRoute({
  getParentRoute: () => community,
  path: '/sessions/$sessionId',
  component: lazyRouteComponent(() => import('../live/session-page'), 'SessionPage'),
});

const result = createRoute({
  getParentRoute: () => community,
  path: '/sessions/$sessionId/result',
  component: lazyRouteComponent(() => import('../live/result-page'), 'ResultPage'),
});

const newSession = createRoute({
  getParentRoute: () => community,
  path: '/plan',
  component: lazyRouteComponent(() => import('../live/plan-page'), 'NewSessionPage'),
});

const plan = createRoute({
  getParentRoute: () => community,
  path: '/sessions/$sessionId/again',
  component: lazyRouteComponent(() => import('../live/plan-page'), 'PlanPage'),
});

const desk = createRoute({
  getParentRoute: () => community,
  path: '/door',
  component: lazyRouteComponent(() => import('./managers'), 'ManagersDesk'),
});

const deskParts = [
  createRoute({
    getParentRoute: () => desk,
    path: '/',
    component: lazyRouteComponent(() => import('../door/overview'), 'OverviewPage'),
  }),
  createRoute({
    getParentRoute: () => desk,
    path: '/invitations',
    component: lazyRouteComponent(() => import('../door/invitations'), 'InvitationsPage'),
  }),
  createRoute({
    getParentRoute: () => desk,
    path: '/screener',
    component: lazyRouteComponent(() => import('../door/screener-builder'), 'ScreenerPage'),
  }),
  createRoute({
    getParentRoute: () => desk,
    path: '/quotas',
    component: lazyRouteComponent(() => import('../door/quotas'), 'QuotasPage'),
  }),
  createRoute({
    getParentRoute: () => desk,
    path: '/waiting',
    validateSearch: ({ show }: Record<string, unknown>): { show?: string } =>
      typeof show === 'string' ? { show } : {},
    component: lazyRouteComponent(() => import('../door/waiting-people'), 'WaitingPage'),
  }),
] as const;

const peoplePage = createRoute({
  getParentRoute: () => community,
  path: '/people',
  component: lazyRouteComponent(() => import('./managers'), 'ManagersPeople'),
});

const profile = createRoute({
  getParentRoute: () => community,
  path: '/profile',
  component: lazyRouteComponent(() => import('../people/profile-page'), 'ProfilePage'),
});

const updates = createRoute({
  getParentRoute: () => community,
  path: '/updates',
  component: lazyRouteComponent(() => import('../loop/feed-page'), 'FeedPage'),
});

const update = createRoute({
  getParentRoute: () => community,
  path: '/updates/$updateId',
  component: lazyRouteComponent(() => import('../loop/update-page'), 'UpdatePage'),
});

const promises = createRoute({
  getParentRoute: () => community,
  path: '/promises',
  component: lazyRouteComponent(() => import('../loop/promises-page'), 'PromisesPage'),
});

const impact = createRoute({
  getParentRoute: () => community,
  path: '/impact',
  component: lazyRouteComponent(() => import('../loop/impact-page'), 'ImpactPage'),
});

const receipt = createRoute({
  getParentRoute: () => community,
  path: '/impact/$contributionId',
  component: lazyRouteComponent(() => import('../contributions/receipt-page'), 'ReceiptPage'),
});

const rules = createRoute({
  getParentRoute: () => community,
  path: '/rules',
  component: lazyRouteComponent(() => import('../contributions/rules-page'), 'RulesPage'),
});

const notifications = createRoute({
  getParentRoute: () => community,
  path: '/notifications',
  component: lazyRouteComponent(() => import('../reach/notifications-page'), 'NotificationsPage'),
});

const feedback = createRoute({
  getParentRoute: () => community,
  path: '/feedback',
  component: lazyRouteComponent(() => import('./team'), 'FeedbackDesk'),
});

const standing = createRoute({
  getParentRoute: () => community,
  path: '/standing',
  component: lazyRouteComponent(() => import('../recognition/standing-page'), 'StandingPage'),
});

const moderation = createRoute({
  getParentRoute: () => community,
  path: '/desk',
  component: lazyRouteComponent(() => import('./team'), 'ModeratorsDesk'),
});

const moderationParts = [
  createRoute({
    getParentRoute: () => moderation,
    path: '/',
    component: lazyRouteComponent(() => import('../contributions/held-page'), 'HeldPage'),
  }),
  createRoute({
    getParentRoute: () => moderation,
    path: '/log',
    component: lazyRouteComponent(() => import('../contributions/log-page'), 'LogPage'),
  }),
  createRoute({
    getParentRoute: () => moderation,
    path: '/rules',
    component: lazyRouteComponent(() => import('../contributions/rules-desk'), 'RulesDesk'),
  }),
] as const;

const loop = createRoute({
  getParentRoute: () => community,
  path: '/loop',
  component: lazyRouteComponent(() => import('./team'), 'LoopDesk'),
});

const loopParts = [
  createRoute({
    getParentRoute: () => loop,
    path: '/',
    component: lazyRouteComponent(() => import('../loop/reading-page'), 'ReadingPage'),
  }),
  createRoute({
    getParentRoute: () => loop,
    path: '/updates',
    component: lazyRouteComponent(() => import('../loop/drafts-page'), 'DraftsPage'),
  }),
  createRoute({
    getParentRoute: () => loop,
    path: '/updates/$updateId',
    component: lazyRouteComponent(() => import('../loop/editor-page'), 'EditorPage'),
  }),
  createRoute({
    getParentRoute: () => loop,
    path: '/promises',
    component: lazyRouteComponent(() => import('../loop/promises-desk'), 'PromisesDesk'),
  }),
] as const;

const assets = createRoute({
  getParentRoute: () => community,
  path: '/assets',
  validateSearch: ({ asset, at }: Record<string, unknown>): { asset?: string; at?: number } => ({
    ...(typeof asset === 'string' && { asset }),
    ...(typeof at === 'number' && { at }),
  }),
  component: lazyRouteComponent(() => import('./team'), 'AssetsDesk'),
});

const searchPage = createRoute({
  getParentRoute: () => community,
  path: '/search',
  validateSearch: ({ words }: Record<string, unknown>): { words?: string } =>
    words === undefined ? {} : { words: String(words).slice(0, 100) },
  component: lazyRouteComponent(() => import('../commons/search-page'), 'SearchPage'),
});

const talk = [
  createRoute({
    getParentRoute: () => community,
    path: '/talk',
    component: lazyRouteComponent(() => import('../commons/talk-page'), 'TalkPage'),
  }),
  createRoute({
    getParentRoute: () => community,
    path: '/talk/$placeId',
    component: lazyRouteComponent(() => import('../commons/place-page'), 'PlacePage'),
  }),
  createRoute({
    getParentRoute: () => community,
    path: '/talk/topics/$topicId',
    component: lazyRouteComponent(() => import('../commons/topic-page'), 'TopicPage'),
  }),
] as const;

const groups = [
  createRoute({
    getParentRoute: () => community,
    path: '/groups',
    component: lazyRouteComponent(() => import('../commons/groups-page'), 'GroupsPage'),
  }),
  createRoute({
    getParentRoute: () => community,
    path: '/groups/$groupId',
    component: lazyRouteComponent(() => import('../commons/group-page'), 'GroupPage'),
  }),
] as const;

const ideas = [
  createRoute({
    getParentRoute: () => community,
    path: '/ideas',
    component: lazyRouteComponent(() => import('../commons/ideas-page'), 'IdeasPage'),
  }),
  createRoute({
    getParentRoute: () => community,
    path: '/ideas/desk',
    component: lazyRouteComponent(() => import('./team'), 'IdeasDesk'),
  }),
  createRoute({
    getParentRoute: () => community,
    path: '/ideas/$placeId',
    component: lazyRouteComponent(() => import('../commons/board-page'), 'BoardPage'),
  }),
  createRoute({
    getParentRoute: () => community,
    path: '/ideas/$placeId/context',
    component: lazyRouteComponent(() => import('../commons/context-page'), 'ContextPage'),
  }),
  createRoute({
    getParentRoute: () => community,
    path: '/ideas/$placeId/process',
    component: lazyRouteComponent(() => import('../commons/process-page'), 'ProcessPage'),
  }),
  createRoute({
    getParentRoute: () => community,
    path: '/ideas/$placeId/bring',
    component: lazyRouteComponent(() => import('./managers'), 'ManagersBring'),
  }),
  createRoute({
    getParentRoute: () => community,
    path: '/ideas/$placeId/send',
    component: lazyRouteComponent(() => import('../commons/send-idea-page'), 'SendIdeaPage'),
  }),
  createRoute({
    getParentRoute: () => community,
    path: '/ideas/idea/$ideaId',
    component: lazyRouteComponent(() => import('../commons/idea-page'), 'IdeaPage'),
  }),
] as const;

const activities = [
  createRoute({
    getParentRoute: () => community,
    path: '/activities',
    component: lazyRouteComponent(() => import('./activities'), 'ActivitiesOfPlace'),
  }),
  createRoute({
    getParentRoute: () => community,
    path: '/activities/$activityId',
    component: lazyRouteComponent(() => import('./activities'), 'ActivityOfPlace'),
  }),
  createRoute({
    getParentRoute: () => community,
    path: '/activities/$activityId/edit',
    component: lazyRouteComponent(() => import('./activities'), 'PlanActivity'),
  }),
] as const;

/** Every address there is. */
export const routes = root.addChildren([
  porch.addChildren([signIn, prove, signInLink, door, publicUpdate, mails]),
  inside.addChildren([
    entry,
    account,
    community.addChildren([
      ...[
        home,
        session,
        result,
        plan,
        newSession,
        updates,
        update,
        promises,
        impact,
        receipt,
        rules,
        notifications,
        standing,
        searchPage,
        feedback,
        assets,
      ],
      ...activities,
      ...talk,
      ...ideas,
      ...groups,
      moderation.addChildren(moderationParts),
      loop.addChildren(loopParts),
      desk.addChildren(deskParts),
      peoplePage,
      profile,
    ]),
  ]),
]);
