import { describe, expect, it } from '@jest/globals';
import { statements } from './lines';
import { Temperament } from './temperament';

const people = Array.from({ length: 200 }, (_, i) => new Temperament(i));

/** The part of the statements on which two people answer alike. */
function alike(a: Temperament, b: Temperament) {
  const same = statements.filter((text) => a.opinionOf(text) === b.opinionOf(text));
  return same.length / statements.length;
}
const mean = (values: number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;

describe('a person made of software', () => {
  it('is the same person for the same number', () => {
    const film = (person: Temperament) => Array.from({ length: 60 }, (_, s) => person.dialAt(s, 60));

    expect(film(new Temperament(5))).toEqual(film(new Temperament(5)));
    expect(film(new Temperament(5))).not.toEqual(film(new Temperament(6)));
  });

  it('keeps the dial on its scale', () => {
    const values = people.flatMap((person) => [0, 28, 47, 60, 99].map((s) => person.dialAt(s, 60)));

    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThanOrEqual(100);
  });

  it('likes the fold more than the price', () => {
    const at = (second: number) => mean(people.map((person) => person.dialAt(second, 60)));

    expect(at(29)).toBeGreaterThan(at(49) + 20);
  });

  it('sees moments of a longer film later', () => {
    const at = (second: number) => mean(people.map((person) => person.dialAt(second, 120)));

    expect(at(58)).toBeGreaterThan(at(98) + 20);
  });

  it('agrees more with its own kind than with others', () => {
    const kin = mean([0, 3, 6, 9].map((i) => alike(people[i]!, people[i + 3]!)));
    const others = mean([0, 3, 6, 9].map((i) => alike(people[i]!, people[i + 1]!)));

    expect(kin).toBeGreaterThan(others + 0.15);
  });

  it('sometimes only looks on', () => {
    const observers = people.filter(({ observes }) => observes).length;

    expect(observers).toBeGreaterThan(4);
    expect(observers).toBeLessThan(30);
  });
});
