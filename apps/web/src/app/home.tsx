import { ToDo } from '../activities/todo';
import { HomePage } from '../live/home-page';
import { usePlace } from '../platform/place';

/** Where one arrives: what can be done now, what is live, what comes next. */
export function Home() {
  const { role } = usePlace().membership;
  return <HomePage>{role === 'member' && <ToDo />}</HomePage>;
}
