// Owns the evidence bundle of a run: everything that shows, or does not show, that its work is done. It is read from the ledger, where
// each part was written as it came to be; nothing in it is an agent's word alone.

import { textOr } from '../../base/json.ts';
import type { LedgerReader } from '../ledger.ts';
import { finishedClaims } from '../run/finishRun.ts';
import { requireRun } from '../run/heldRun.ts';
import type { GateKind, GateResult } from '../task/task.ts';
import type { JudgedClaim } from './claims.ts';
import { judgeClaims } from './claims.ts';
import { acceptancePoints } from './gatePlan.ts';
import type { GateVerdict } from './gateVerdict.ts';
import { gateVerdict } from './gateVerdict.ts';

export interface EvidenceGate extends Omit<GateResult, 'kind'> {
	readonly kind: GateKind;
	readonly passed: boolean;
	/** `not read` is neither passed nor failed. */
	readonly verdict: GateVerdict;
}

export interface EvidencePoint {
	readonly text: string;
	/** `shown` by a command, `confirmed` by a reviewer, or neither yet. */
	readonly state: 'shown' | 'confirmed' | 'failed' | 'open';
	/** The command, or who confirmed it. */
	readonly by: string | null;
}

export interface EvidenceReview {
	readonly at: string;
	/** Such as `human:ann`. */
	readonly by: string;
	readonly verdict: string;
	readonly reason: string;
}

export interface Evidence {
	readonly format: 'dreamos.evidence';
	readonly version: 1;
	readonly run_id: string;
	readonly task_id: string;
	readonly task_name: string;
	readonly worker: string;
	readonly attempt: number;
	readonly state: string;
	readonly reason: string | null;
	readonly opened_at: string;
	readonly closed_at: string | null;
	readonly base_commit: string | null;
	/** Hidden commit the gates judged. */
	readonly result_commit: string | null;
	readonly files: readonly string[];
	/** What the worker said, which is not evidence. */
	readonly summary: string | null;
	readonly gates: readonly EvidenceGate[];
	readonly acceptance: readonly EvidencePoint[];
	readonly reviews: readonly EvidenceReview[];
	/** What the worker claimed in fields, and what the evidence says to it. */
	readonly claims: readonly JudgedClaim[];
	/** What the worker said, in fields or words, and the evidence contradicts. */
	readonly contradicted: readonly { readonly claim: string; readonly evidence: string }[];
	/** Files of the change that gates altered while they ran. */
	readonly altered: readonly string[];
}

/** Fails with `run.unknown`. */
export async function readEvidence(reader: LedgerReader, runId: string): Promise<Evidence> {
	const run = await requireRun(reader, runId);
	const task = (await reader.task(run.task_id))?.task;
	const events = await reader.events({
		run_id: runId,
		types: ['run.reviewed', 'claim.contradicted', 'gate.altered'],
	});
	const reviews = events
		.filter(({ type }) => type === 'run.reviewed')
		.map(({ at, actor, data }) => ({
			at,
			by: textOr(data?.['by'], actor),
			verdict: textOr(data?.['verdict']),
			reason: textOr(data?.['reason']),
		}));
	const isResult = task?.result?.commit === run.result_commit && run.result_commit !== null;
	const accepted = reviews.findLast(({ verdict }) => verdict === 'accepted');
	return {
		format: 'dreamos.evidence',
		version: 1,
		run_id: runId,
		task_id: run.task_id,
		task_name: task?.name ?? '',
		worker: run.worker,
		attempt: run.attempt,
		state: run.state,
		reason: run.reason,
		opened_at: run.opened_at,
		closed_at: run.closed_at,
		base_commit: run.base_commit,
		result_commit: run.result_commit,
		files: run.files,
		summary: isResult ? (task.result?.summary ?? null) : null,
		gates: run.gates
			.filter(({ kind }) => kind !== 'claim')
			.map((gate) => ({
				...gate,
				kind: gate.kind ?? 'command',
				passed: gate.exit_code === 0,
				verdict: gateVerdict(gate),
			})),
		acceptance: (task === undefined ? [] : acceptancePoints(task)).map(({ text, command }) =>
			command === undefined
				? { text, state: accepted === undefined ? 'open' : 'confirmed', by: accepted?.by ?? null }
				: { text, state: shownBy(run.gates, text), by: command },
		),
		reviews,
		claims: judgeClaims((await finishedClaims(reader, runId)) ?? {}, {
			files: run.files,
			gates: run.gates,
			acceptance: task === undefined ? [] : acceptancePoints(task),
		}),
		contradicted: events
			.filter(({ type }) => type === 'claim.contradicted')
			.map(({ data }) => ({ claim: textOr(data?.['claim']), evidence: textOr(data?.['evidence']) })),
		altered: events
			.filter(({ type }) => type === 'gate.altered')
			.flatMap(({ data }) => (Array.isArray(data?.['files']) ? data['files'] : []))
			.filter((file) => typeof file === 'string'),
	};
}

function shownBy(gates: readonly GateResult[], text: string): EvidencePoint['state'] {
	const gate = gates.find(({ point }) => point === text);
	return gate === undefined ? 'open' : gate.exit_code === 0 ? 'shown' : 'failed';
}
