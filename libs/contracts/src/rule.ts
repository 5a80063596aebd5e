import { z } from 'zod';

/** What an answer or a profile fact may hold: a choice, several choices, a number, or a date or text as written. */
export const FactValue = z.union([z.string().max(500), z.number(), z.array(z.string().max(60)).max(40)]);
export type FactValue = z.infer<typeof FactValue>;

/** Names a profile fact within a community. */
export const FactKey = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/);

/** What is known of one person, by key. */
export const Facts = z.record(FactKey, FactValue);
export type Facts = z.infer<typeof Facts>;

/** One condition on one fact. What is not known never meets a condition, `noneOf` neither. */
export const Condition = z.discriminatedUnion('is', [
  z.strictObject({
    fact: FactKey,
    is: z.enum(['anyOf', 'noneOf']),
    values: z.array(z.string().max(60)).min(1).max(40),
  }),
  z.strictObject({ fact: FactKey, is: z.enum(['atLeast', 'atMost']), value: z.number() }),
  z.strictObject({ fact: FactKey, is: z.literal('known') }),
]);
export type Condition = z.infer<typeof Condition>;

/**
 * What is counted of a member and changes by itself: Activities that they were asked to do in the last 30 days, what they
 * sent to Activities in these, and thanks that they had in the last 180.
 */
export const MemberCount = z.enum(['asked.30', 'sent.30', 'thanked.180']);
export type MemberCount = z.infer<typeof MemberCount>;
export const CountCondition = z.strictObject({
  fact: MemberCount,
  is: z.enum(['atLeast', 'atMost']),
  value: z.int().min(0).max(10_000),
});
export const isCounted = ({ fact }: { fact: string }): boolean => MemberCount.safeParse(fact).success;

/** Whom it is about: those who meet every condition. Without conditions it is everybody. */
export const Rule = z.array(Condition).max(8);
export type Rule = z.infer<typeof Rule>;

/** Whom something is asked of: by what is known of them, and by how much was asked of them lately. */
export const SegmentRule = z.array(z.union([CountCondition, Condition])).max(8);
export type SegmentRule = z.infer<typeof SegmentRule>;

export const matches = (rule: Rule, facts: Facts): boolean =>
  rule.every((condition) => meets(condition, facts));

function meets(condition: Condition, facts: Facts): boolean {
  const value = Object.hasOwn(facts, condition.fact) ? facts[condition.fact] : undefined;
  if (value === undefined) return false;
  switch (condition.is) {
    case 'anyOf':
      return choices(value).some((choice) => condition.values.includes(choice));
    case 'noneOf':
      return !choices(value).some((choice) => condition.values.includes(choice));
    case 'atLeast':
      return Number(value) >= condition.value;
    case 'atMost':
      return Number(value) <= condition.value;
    case 'known':
      return true;
  }
}

const choices = (value: FactValue): string[] => (Array.isArray(value) ? value : [String(value)]);
