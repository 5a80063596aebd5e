import { z } from 'zod';
import { Id } from './contract';
import { FactKey, type Facts, FactValue } from './rule';
import { lengthOf, line, text } from './text';

/** Where an answer leads: on, to the waiting list, or to an honest "not this time". */
export const Leads = z.enum(['on', 'waiting', 'notThisTime']);
export type Leads = z.infer<typeof Leads>;

export const QuestionKind = z.enum(['single', 'multiple', 'number', 'date', 'text', 'scale', 'region']);
export type QuestionKind = z.infer<typeof QuestionKind>;

/** What answers and facts name a choice by. */
export const Choice = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/);

const shown = {
  id: Id,
  kind: QuestionKind,
  title: line(160),
  /** One sentence of help; empty for none. */
  help: line(240).or(z.literal('')),
  required: z.boolean(),
  /** The earlier question and the answers to it after which this one is asked; null for always. */
  askedIf: z.strictObject({ questionId: Id, anyOf: z.array(Choice).min(1).max(20) }).nullable(),
  /** The least and the most: of a number its value, of a scale its ends, of several choices how many. */
  least: z.number().nullable(),
  most: z.number().nullable(),
  /** Words at the ends of a scale. */
  ends: z.tuple([line(40).or(z.literal('')), line(40).or(z.literal(''))]),
};

/** A question as its manager writes it. */
export const Question = z.strictObject({
  ...shown,
  options: z.array(z.strictObject({ value: Choice, label: line(80), leads: Leads })).max(20),
  /** Outside of these a number, date (its year) or scale leads to `otherwise`; null where any will do. */
  within: z
    .strictObject({ least: z.number().nullable(), most: z.number().nullable(), otherwise: Leads })
    .nullable(),
  /** The profile fact that the answer becomes; null when it serves the decision alone. */
  fact: FactKey.nullable(),
});
export type Question = z.infer<typeof Question>;

/** The same as a candidate gets it: nothing about where answers lead. */
export const AskedQuestion = z.object({
  ...shown,
  options: z.array(z.object({ value: Choice, label: z.string() })),
});
export type AskedQuestion = z.infer<typeof AskedQuestion>;

/** By the question's id. */
export const Answers = z.record(Id, FactValue);
export type Answers = z.infer<typeof Answers>;

export const QUESTIONS_MAX = 20;
export const ANSWER_MAX = 300;

/** What a screener decides by. */
export const ScreenerBody = z
  .strictObject({
    /** Years; nobody younger gets past the first step, and nothing is kept of them. */
    minAge: z.int().min(13).max(25),
    /** Two sentences before the first question. */
    intro: text(400).or(z.literal('')),
    questions: z.array(Question).max(QUESTIONS_MAX),
    /** What those are asked, once, for whom there is no place; empty for nothing. */
    openQuestion: line(200).or(z.literal('')),
  })
  .superRefine(({ questions }, check) => {
    const bad = (at: number, field: string, message: string) =>
      check.addIssue({ code: 'custom', path: ['questions', at, field], message });
    for (const [at, question] of questions.entries()) {
      const { kind, options, askedIf, least, most } = question;
      const before = questions.slice(0, at);
      if (before.some(({ id }) => id === question.id)) bad(at, 'id', 'each question has an id of its own');
      const chooses = kind === 'single' || kind === 'multiple';
      if (chooses && options.length < 2) bad(at, 'options', 'at least two answers');
      if (!chooses && options.length) bad(at, 'options', 'only for questions with answers to choose');
      if (new Set(options.map(({ value }) => value)).size < options.length)
        bad(at, 'options', 'each answer once');
      if (least !== null && most !== null && least > most) bad(at, 'most', 'not below the least');
      if (kind === 'scale' && (least === null || most === null || most - least < 1 || most - least > 10))
        bad(at, 'most', 'a scale of 2 to 11 steps');
      if (!askedIf) continue;
      const earlier = before.find(({ id }) => id === askedIf.questionId);
      if (!earlier) bad(at, 'askedIf', 'an earlier question');
      else if (askedIf.anyOf.some((value) => !earlier.options.some((option) => option.value === value)))
        bad(at, 'askedIf', 'answers of that question');
    }
  });
export type ScreenerBody = z.infer<typeof ScreenerBody>;

/** The questions that are asked of somebody who answers so, in their order. */
export function askedOf<Q extends Pick<AskedQuestion, 'id' | 'askedIf'>>(
  questions: readonly Q[],
  answers: Answers,
): Q[] {
  const asked: Q[] = [];
  for (const question of questions) {
    const { askedIf } = question;
    const leader = askedIf && asked.some(({ id }) => id === askedIf.questionId);
    const given = leader ? answers[askedIf.questionId] : undefined;
    const chosen = given === undefined ? [] : Array.isArray(given) ? given : [given];
    if (!askedIf || chosen.some((choice) => askedIf.anyOf.includes(String(choice)))) asked.push(question);
  }
  return asked;
}

/** What is wrong with an answer; null when it can be taken. The web has a text for each. */
export type AnswerProblem = 'missing' | 'choice' | 'count' | 'number' | 'range' | 'date' | 'text' | 'region';

export function problemOf(
  question: Omit<AskedQuestion, 'askedIf'>,
  value: FactValue | undefined,
): AnswerProblem | null {
  const { kind, required, options, least, most } = question;
  const isEmpty = value === undefined || value === '' || (Array.isArray(value) && !value.length);
  if (isEmpty) return required ? 'missing' : null;
  const known = (choice: unknown) => options.some((option) => option.value === choice);
  switch (kind) {
    case 'single':
      return known(value) ? null : 'choice';
    case 'multiple':
      if (!Array.isArray(value) || !value.every(known) || new Set(value).size < value.length) return 'choice';
      return value.length < (least ?? 0) || value.length > (most ?? Infinity) ? 'count' : null;
    case 'number':
    case 'scale':
      if (
        typeof value !== 'number' ||
        !Number.isFinite(value) ||
        (kind === 'scale' && !Number.isInteger(value))
      )
        return 'number';
      return value < (least ?? -Infinity) || value > (most ?? Infinity) ? 'range' : null;
    case 'date':
      return typeof value === 'string' && isDate(value) ? null : 'date';
    case 'text':
      return typeof value === 'string' && text(ANSWER_MAX).safeParse(value).success ? null : 'text';
    case 'region':
      // A postcode of whatever country, or the name of a region.
      return typeof value === 'string' &&
        /^[\p{L}\p{N}][\p{L}\p{N}\p{M} .'-]*$/u.test(value) &&
        lengthOf(value) <= 60
        ? null
        : 'region';
  }
}

/** Whether a day of this name (`2026-02-28`) exists, from 1900 on. */
export function isDate(value: string): boolean {
  if (!/^(19|2\d)\d\d-\d\d-\d\d$/.test(value)) return false;
  const at = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value);
}

/** Where answers that can be taken lead: the worst of where each leads by itself. */
export function leadsTo(questions: readonly Question[], answers: Answers): Leads {
  const all = askedOf(questions, answers).map((question) => leadOf(question, answers[question.id]));
  return all.includes('notThisTime') ? 'notThisTime' : all.includes('waiting') ? 'waiting' : 'on';
}

function leadOf({ kind, options, within }: Question, value: FactValue | undefined): Leads {
  if (value === undefined || value === '') return 'on';
  if (options.length) {
    const chosen = Array.isArray(value) ? value : [value];
    const leads = options.filter((option) => chosen.includes(option.value)).map((option) => option.leads);
    return leads.includes('notThisTime') ? 'notThisTime' : leads.includes('waiting') ? 'waiting' : 'on';
  }
  if (!within) return 'on';
  const number = kind === 'date' ? Number(String(value).slice(0, 4)) : Number(value);
  return number < (within.least ?? -Infinity) || number > (within.most ?? Infinity) ? within.otherwise : 'on';
}

/** What the answers say about a person, of the questions that were asked. */
export function factsOf(questions: readonly Question[], answers: Answers): Facts {
  const facts: Facts = {};
  for (const { id, fact } of askedOf(questions, answers)) {
    const value = answers[id];
    if (fact && value !== undefined && value !== '') facts[fact] = value;
  }
  return facts;
}
