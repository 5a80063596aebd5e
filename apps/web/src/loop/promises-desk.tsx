export function PromisesDesk() {
  return null;
}
