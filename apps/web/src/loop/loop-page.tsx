import { Outlet } from '@tanstack/react-router';

export function LoopPage() {
  return <Outlet />;
}
