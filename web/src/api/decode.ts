/** Turns what came over the wire into types, or says where it is not what the contract promises. */

export class UnexpectedResponse extends Error {
  constructor(path: string) {
    super(`Unexpected API response: ${path}`);
    this.name = 'UnexpectedResponse';
  }
}

export type Decoder<T> = (value: unknown, path: string) => T;
export type Decoded<D> = D extends Decoder<infer T> ? T : never;

export function decode<T>(decoder: Decoder<T>, value: unknown, path = 'answer'): T {
  return decoder(value, path);
}

export const string: Decoder<string> = (value, path) => {
  if (typeof value !== 'string') throw new UnexpectedResponse(path);
  return value;
};

export const number: Decoder<number> = (value, path) => {
  if (typeof value !== 'number') throw new UnexpectedResponse(path);
  return value;
};

export const integer: Decoder<number> = (value, path) => {
  if (!Number.isSafeInteger(value)) throw new UnexpectedResponse(path);
  return value as number;
};

export const boolean: Decoder<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw new UnexpectedResponse(path);
  return value;
};

/** Exact decimal text; see format.ts for what may be done with it. */
export const money: Decoder<string> = (value, path) => {
  if (typeof value !== 'string' || !/^-?\d+(\.\d+)?$/.test(value))
    throw new UnexpectedResponse(path);
  return value;
};

export const unknown: Decoder<unknown> = (value) => value;

/** A member that may be null or missing; both become null. */
export function orNull<T>(decoder: Decoder<T>): Decoder<T | null> {
  return (value, path) => (value === null || value === undefined ? null : decoder(value, path));
}

export function oneOf<const T extends string>(...values: readonly T[]): Decoder<T> {
  return (value, path) => {
    const known = values.find((one) => one === value);
    if (known === undefined) throw new UnexpectedResponse(path);
    return known;
  };
}

export function array<T>(decoder: Decoder<T>): Decoder<T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new UnexpectedResponse(path);
    return value.map((item, index) => decoder(item, `${path}[${index}]`));
  };
}

function members(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UnexpectedResponse(path);
  }
  return value as Record<string, unknown>;
}

/** An object with names that are data. */
export function map<T>(decoder: Decoder<T>): Decoder<Map<string, T>> {
  return (value, path) =>
    new Map(
      Object.entries(members(value, path)).map(([name, member]) => [
        name,
        decoder(member, `${path}.${name}`),
      ]),
    );
}

type Fields = Record<string, Decoder<unknown>>;

/** Members that are not asked for are left out, so that the API can grow. */
export function object<F extends Fields>(fields: F): Decoder<{ [K in keyof F]: Decoded<F[K]> }> {
  return (value, path) => {
    const source = members(value, path);
    const decoded = Object.entries(fields).map(([name, decoder]) => [
      name,
      decoder(source[name], `${path}.${name}`),
    ]);
    return Object.fromEntries(decoded) as { [K in keyof F]: Decoded<F[K]> };
  };
}
