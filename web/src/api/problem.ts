import { array, decode, integer, object, oneOf, orNull, string, type Decoded } from './decode';

export const decodeDiagnostic = object({
  severity: oneOf('error', 'warning', 'note'),
  code: string,
  message: string,
  hints: array(string),
  file: orNull(string),
  line: orNull(integer),
  column: orNull(integer),
  end_line: orNull(integer),
  end_column: orNull(integer),
  snippet: orNull(string),
});
export type Diagnostic = Decoded<typeof decodeDiagnostic>;

const decodeProblem = object({
  title: string,
  status: integer,
  detail: string,
  code: string,
  hints: array(string),
  diagnostics: orNull(array(decodeDiagnostic)),
});

/** The server answered that it cannot. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly hints: readonly string[];
  readonly diagnostics: readonly Diagnostic[];

  constructor(problem: Decoded<typeof decodeProblem>) {
    super(problem.detail);
    this.name = 'ApiError';
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.detail = problem.detail;
    this.hints = problem.hints;
    this.diagnostics = problem.diagnostics ?? [];
  }
}

/** No answer: the server or the way to it is away. */
export class ServerAway extends Error {
  constructor(cause: unknown) {
    super('The server does not answer.', { cause });
    this.name = 'ServerAway';
  }
}

export function problemOf(status: number, body: unknown): ApiError {
  try {
    return new ApiError(decode(decodeProblem, body));
  } catch {
    // A proxy in between answers in its own way.
    return new ApiError({
      title: `Status ${status}`,
      status,
      detail: `The answer has status ${status} and does not say why.`,
      code: 'UNKNOWN',
      hints: [],
      diagnostics: null,
    });
  }
}
