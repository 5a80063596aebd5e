import { ActivityBody, type TaskBody, type TaskKind } from '@parley/contracts/activities';

/** An Activity being written: anything may be missing. */
export type Plan = Omit<ActivityBody, 'decisionOwner' | 'diary'> & {
  ownerName: string;
  ownerTitle: string;
  diaryEvery: 'day' | 'week' | null;
  diaryEntries: number;
};

const DAY = 86_400_000;
const at = (days: number, hour: number) => {
  const when = new Date(Date.now() + days * DAY);
  when.setHours(hour, 0, 0, 0);
  return when.toISOString();
};

export const newPlan = (): Plan => ({
  ...{ title: '', purpose: '', decision: '', ownerName: '', ownerTitle: '', informsOnly: false },
  ...{ instructions: '', assetIds: [], segmentId: null, visibility: 'afterAnswer', approveFirst: false },
  ...{ opensAt: at(1, 9), dueAt: at(8, 20), graceHours: 24, reportBackOn: at(22, 12).slice(0, 10) },
  ...{ diaryEvery: null, diaryEntries: 7, tasks: [newTask('text')] },
});

export function newTask(kind: TaskKind): TaskBody {
  const option = () => ({ id: crypto.randomUUID(), label: '' });
  return {
    ...{ id: crypto.randomUUID(), kind, prompt: '', help: null, required: true, assetId: null, fact: null },
    options: kind === 'pick' || kind === 'rank' ? [option(), option()] : [],
    most: kind === 'photo' ? 4 : kind === 'place' ? 3 : 1,
    scale: kind === 'scale' ? { from: 1, to: 5, fromLabel: '', toLabel: '' } : null,
  };
}

/** The same task of another kind: its words stay. */
export const ofKind = (task: TaskBody, kind: TaskKind): TaskBody => {
  const fresh = newTask(kind);
  return {
    ...fresh,
    ...{ id: task.id, prompt: task.prompt, help: task.help, required: task.required, assetId: task.assetId },
    options: fresh.options.length ? (task.options.length >= 2 ? task.options : fresh.options) : [],
  };
};

/** A copy with ids of its own. */
export const copyOf = (task: TaskBody): TaskBody => ({
  ...task,
  id: crypto.randomUUID(),
  options: task.options.map(({ label }) => ({ id: crypto.randomUUID(), label })),
});

/** One option a line; a line that is changed stays the option that it was. */
export const optionsOf = (lines: string, before: TaskBody['options']): TaskBody['options'] =>
  lines.split('\n').map((label, place) => ({ id: before[place]?.id ?? crypto.randomUUID(), label }));

export function bodyOf(plan: Plan): unknown {
  const { ownerName, ownerTitle, diaryEvery, diaryEntries, tasks, ...rest } = plan;
  return {
    ...rest,
    decisionOwner: { name: ownerName, title: ownerTitle },
    diary: diaryEvery && { every: diaryEvery, entries: diaryEntries },
    tasks: tasks.map((task) => ({
      ...task,
      help: task.help?.trim() ? task.help : null,
      options: task.options.filter(({ label }) => label.trim()),
    })),
  };
}

/** Fields of which something is missing or does not fit, as the form names them: `tasks.1.prompt`. */
export function problemsOf(plan: Plan): string[] {
  const checked = ActivityBody.safeParse(bodyOf(plan));
  if (checked.success) return [];
  return [...new Set(checked.error.issues.map(({ path }) => fieldOf(path.map(String))))];
}

const fieldOf = ([first = '', second, third]: string[]) => {
  if (first === 'decisionOwner') return second === 'title' ? 'ownerTitle' : 'ownerName';
  if (first === 'diary') return 'diaryEntries';
  if (first === 'tasks' && second !== undefined) return ['tasks', second, third ?? 'prompt'].join('.');
  return first;
};

/** What was kept of it, over what a new one is: a field that came later has its usual value. */
export const planOf = (rest: Record<string, unknown>, title: string): Plan => ({
  ...newPlan(),
  ...(rest as Partial<Plan>),
  title,
});
