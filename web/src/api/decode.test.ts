import { describe, expect, it } from 'vitest';
import { array, decode, integer, map, money, object, oneOf, orNull, string } from './decode';

const decodeRun = object({
  state: oneOf('RUNNING', 'COMPLETED'),
  revenue: money,
  ended_at: orNull(string),
  flows: array(object({ rows: integer })),
});

const run = { state: 'RUNNING', revenue: '1.50', flows: [{ rows: 1 }] };

describe('decode', () => {
  it('keeps what was asked for, and missing is null', () => {
    expect(decode(decodeRun, { ...run, extra: 1 })).toEqual({ ...run, ended_at: null });
  });
  it.each([
    [{ ...run, state: 'LOST' }, 'answer.state'],
    [{ ...run, revenue: 1.5 }, 'answer.revenue'],
    [{ ...run, flows: [{ rows: 1 }, { rows: 1.5 }] }, 'answer.flows[1].rows'],
    [null, 'answer'],
  ])('says where it differs: %#', (value, path) => {
    expect(() => decode(decodeRun, value)).toThrow(`Unexpected API response: ${path}`);
  });
  it('keeps names that are data apart from those of objects', () => {
    const decoded = decode(map(integer), JSON.parse('{"__proto__": 1, "a": 2}'));
    expect([...decoded.keys()]).toEqual(['__proto__', 'a']);
  });
});
