export function Bell(_: { communityId: string; slug: string }) {
  return null;
}
