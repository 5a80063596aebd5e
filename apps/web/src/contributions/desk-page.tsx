import { Outlet } from '@tanstack/react-router';

export function DeskPage() {
  return <Outlet />;
}
