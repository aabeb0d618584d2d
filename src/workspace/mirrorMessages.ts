// Owns what a window and the thread that mirrors its boards say to each other. Errors travel by their parts: a clone has no code.

import type { Actor } from '../core/actor.ts';
import type { BoardProblem } from '../core/board/boardProblem.ts';
import type { BoardFileName } from '../core/task/archive.ts';
import { DreamError, isDreamError, toError } from '../base/errors.ts';
import type { ErrorCode } from '../base/errors.ts';

export interface MirrorThreadData {
	/** Absolute path of the workspace. */
	readonly folder: string;
}

/** To the thread. */
export type MirrorRequest = { readonly id: number } & (
	| { readonly call: 'flush' | 'check' | 'close' }
	| { readonly call: 'acceptLedger'; readonly board: BoardFileName; readonly actor: Actor }
);

/** From the thread. */
export type MirrorReply =
	| { readonly kind: 'answer'; readonly id: number; readonly problems: readonly BoardProblem[] }
	| { readonly kind: 'refusal'; readonly id: number; readonly error: SaidError }
	| { readonly kind: 'problems'; readonly problems: readonly BoardProblem[] }
	| { readonly kind: 'log'; readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string };

interface SaidError {
	readonly message: string;
	readonly code: ErrorCode | undefined;
	readonly advice: string | undefined;
	/** As JSON, because details may hold what cannot be cloned. */
	readonly details: string;
}

export function sayError(error: unknown): SaidError {
	return isDreamError(error)
		? { message: error.message, code: error.code, advice: error.advice, details: JSON.stringify(error.details) }
		: { message: toError(error).message, code: undefined, advice: undefined, details: '{}' };
}

export function hearError({ message, code, advice, details }: SaidError): Error {
	return code === undefined
		? new Error(message)
		: new DreamError(code, message, {
				details: JSON.parse(details) as Record<string, unknown>,
				...(advice === undefined ? {} : { advice }),
			});
}
