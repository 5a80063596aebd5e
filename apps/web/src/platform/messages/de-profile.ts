import type { enProfile } from './en-profile';

export const deProfile: Record<keyof typeof enProfile, string> = {
  'error.member.lastManager': 'Sie sind die letzte Person mit dieser Aufgabe. Erst muss jemand anderes sie übernehmen.',
  'status.paused': 'Von Ihnen pausiert',
  'outside.paused.title': 'Sie haben Ihre Mitgliedschaft in {{community}} pausiert',
  'outside.paused.text': 'Solange sie pausiert, wird Ihnen nichts aus der Community gesendet oder gezeigt.',
};
