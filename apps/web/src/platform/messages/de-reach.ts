import type { enReach } from './en-reach';

export const deReach: Record<keyof typeof enReach, string> = {};
