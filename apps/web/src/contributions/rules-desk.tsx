export function RulesDesk() {
  return null;
}
