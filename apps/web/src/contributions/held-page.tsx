export function HeldPage() {
  return null;
}
