// Owns what a worker claims in fields when it says that it is done, and what the evidence says to each: shown, contradicted, or not
// checked by anything. Only what was found otherwise is held against it. Pure.

import * as z from 'zod';
import type { GateResult } from '../task/task.ts';
import type { AcceptancePoint } from './gatePlan.ts';
import { isSamePath } from './readClaims.ts';

export const claimsSchema = z.object({
	tests_pass: z.boolean().optional().describe('Whether the tests pass'),
	commands: z
		.array(z.object({ command: z.string().trim().min(1).max(2000), exit_code: z.int() }))
		.max(50)
		.optional()
		.describe('Commands you ran last, each with the exit code it ended with'),
	files: z
		.array(z.string().trim().min(1).max(1000))
		.max(1000)
		.optional()
		.describe('Files you changed, by their paths'),
	acceptance: z
		.array(z.string().trim().min(1).max(2000))
		.max(50)
		.optional()
		.describe('Points of the acceptance list that are there now, word for word'),
});
export type Claims = z.infer<typeof claimsSchema>;

export interface JudgedClaim {
	readonly claim: string;
	readonly verdict: 'shown' | 'contradicted' | 'not checked';
	/** What shows or contradicts it, as a sentence; empty where nothing does. */
	readonly evidence: string;
}

export interface ClaimFacts {
	/** Files that were changed, from the top of the repository. */
	readonly files: readonly string[];
	readonly gates: readonly GateResult[];
	readonly acceptance: readonly AcceptancePoint[];
}

/** The claims of a stored event; undefined where it holds none, or what no version of ours wrote. */
export function readClaims(stored: unknown): Claims | undefined {
	const parsed = claimsSchema.safeParse(stored);
	return parsed.success ? parsed.data : undefined;
}

/** What the evidence says to each claim, in the order in which they were made. */
export function judgeClaims(claims: Claims, { files, gates, acceptance }: ClaimFacts): JudgedClaim[] {
	const ran = gates.filter(({ kind, ending }) => kind !== 'claim' && ending === 'exited');
	const tests = ran.filter(({ kind }) => kind === 'tests');
	return [
		...(claims.tests_pass === true ? [judgeBy('the tests pass', tests)] : []),
		...(claims.commands ?? []).map(({ command, exit_code: code }) => {
			const same = ran.filter((gate) => plain(gate.command) === plain(command));
			const claim = `${command} ended with exit code ${code}`;
			// It may have run before the last change, or elsewhere: only a pass that is none is held against it.
			return code === 0 ? judgeBy(claim, same) : { claim, verdict: 'not checked' as const, evidence: '' };
		}),
		...(claims.files ?? []).map((file): JudgedClaim => {
			const isChanged = files.some((each) => isSamePath(each, file));
			return {
				claim: `changed ${file}`,
				verdict: isChanged ? 'shown' : 'contradicted',
				evidence: `${file} is ${isChanged ? '' : 'not '}among the files that were changed.`,
			};
		}),
		...(claims.acceptance ?? []).map((point) => {
			const known = acceptance.find(({ text }) => plain(text) === plain(point));
			const backed = known?.command === undefined ? [] : gates.filter((gate) => gate.point === known.text);
			return judgeBy(`${point}: done`, backed);
		}),
	];
}

const plain = (text: string): string => text.trim().replaceAll(/\s+/gu, ' ');

function judgeBy(claim: string, gates: readonly GateResult[]): JudgedClaim {
	const failed = gates.find(({ exit_code: code }) => code !== 0);
	const gate = failed ?? gates[0];
	return gate === undefined
		? { claim, verdict: 'not checked', evidence: '' }
		: {
				claim,
				verdict: failed === undefined ? 'shown' : 'contradicted',
				evidence: `The gate ${gate.command} ended with exit code ${gate.exit_code ?? '-'}.`,
			};
}
