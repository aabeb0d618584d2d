// Owns the one domain error. A code tells what happened, details tell where, advice tells what to do next.

/** `area.reason`, stable: scripts, tests and translations match on it, never on the message. */
export type ErrorCode = `${string}.${string}`;

export interface ErrorOptions {
	readonly cause?: unknown;
	/** Facts a program can use: file, line, setting, task id. */
	readonly details?: Readonly<Record<string, unknown>>;
	/** One sentence for the person: what to do next. */
	readonly advice?: string;
}

export class DreamError extends Error {
	override readonly name = 'DreamError';
	readonly code: ErrorCode;
	readonly details: Readonly<Record<string, unknown>>;
	readonly advice: string | undefined;

	constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
		super(message, options.cause === undefined ? undefined : { cause: options.cause });
		this.code = code;
		this.details = options.details ?? {};
		this.advice = options.advice;
	}

	/** What happened and what to do, as one text for a person. */
	get fullMessage(): string {
		return this.advice === undefined ? this.message : `${this.message} ${this.advice}`;
	}
}

/** True for a domain error, of the given code when one is named. By its name: another bundle of ours has a class of its own. */
export function isDreamError(error: unknown, code?: ErrorCode): error is DreamError {
	return (
		error instanceof Error &&
		error.name === 'DreamError' &&
		'code' in error &&
		(code === undefined || error.code === code)
	);
}

export function toError(value: unknown): Error {
	return value instanceof Error ? value : new Error(typeof value === 'string' ? value : JSON.stringify(value));
}

/** The text a person reads for any thrown value: message and, for ours, the advice. */
export function describeError(value: unknown): string {
	return isDreamError(value) ? value.fullMessage : toError(value).message;
}
