// Owns how a driver says that it failed: a stable code, one readable reason, and whether trying again can help.

import type { ErrorCode } from '../base/errors.ts';
import { DreamError, describeError, isDreamError } from '../base/errors.ts';
import { displayText } from '../base/text.ts';
import type { LoginWay } from '../core/agent/agentCheck.ts';
import type { DriverOutcome } from '../core/driver/driver.ts';

export interface FailureOptions {
	/** One sentence for the person: what to do next. */
	readonly advice?: string;
	/** True when another try can help without a person doing something first. */
	readonly isTransient?: boolean;
	/** Ways to log in, where that is what is missing. */
	readonly login?: readonly LoginWay[];
	/** What a foreign program said, as a sentence or a block. It comes last: a long one must not hide what to do. */
	readonly quoted?: string;
}

/** An error that becomes the outcome of a run. */
export function driverError(code: ErrorCode, message: string, options: FailureOptions = {}): DreamError {
	return new DreamError(code, message, {
		details: {
			isTransient: options.isTransient ?? false,
			login: options.login ?? [],
			quoted: options.quoted ?? '',
		},
		advice: options.advice,
	});
}

/** The outcome for anything that was thrown; `code` stands for what is no domain error. */
export function failedOutcome(error: unknown, code: ErrorCode): Extract<DriverOutcome, { kind: 'failed' }> {
	const quoted = isDreamError(error) ? error.details['quoted'] : undefined;
	const parts = [describeError(error), typeof quoted === 'string' ? quoted : ''];
	return {
		kind: 'failed',
		code: isDreamError(error) ? error.code : code,
		// Commands, paths and last words of foreign programs are quoted in it.
		reason: displayText(parts.filter((part) => part !== '').join(' ')),
		isTransient: isDreamError(error) && error.details['isTransient'] === true,
	};
}
