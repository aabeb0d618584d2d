// Owns how a run's requests for permission are decided: by the rules as they are now and, where those say to ask, by the person. The
// question is a row in the ledger, and so is the answer: whoever gives it needs no other way to this host.

import { describeError } from '../../base/errors.ts';
import { newId } from '../../base/ids.ts';
import type { Logger } from '../../base/log.ts';
import type { LedgerTransaction } from '../ledger.ts';
import type { PermissionDoor, PermissionVerdict } from '../driver/driver.ts';
import { decidePermission, partKeys } from '../policy/decidePermission.ts';
import type { PermissionRequest } from '../policy/permissionRequest.ts';
import { withoutSecrets } from '../policy/permissionRequest.ts';
import type { PolicyFile } from '../policy/policyFile.ts';
import { answerByRule, askQuestion, closeQuestion, requireQuestion } from '../question/decideQuestion.ts';
import type { Question } from '../question/question.ts';
import type { Run } from '../run/run.ts';
import type { Settings } from '../settings.ts';
import type { HostLedger } from './hostLedger.ts';
import type { WaitClock } from './waitClock.ts';

export interface PermissionDoorParts {
	readonly ledger: HostLedger;
	readonly log: Logger;
	readonly settings: () => Settings;
	readonly policy: Pick<PolicyFile, 'read'>;
	readonly run: Run;
	/** Counts the time in which the run stands still for a person. */
	readonly waits: WaitClock;
	/** Told when a question waits for the person, as a line of the run's log. */
	readonly onAsk: (line: string) => void;
	/** Takes the secret of the run's tools out of a text. */
	readonly redact: (text: string) => string;
	/** Aborted when the run is to end. */
	readonly signal: AbortSignal;
}

/** The door of one run. */
export async function createPermissionDoor(parts: PermissionDoorParts): Promise<PermissionDoor> {
	const { settings, policy, run, log, waits } = parts;
	const { rules } = await policy.read();
	/** What a person allowed once, and one of our own services is still to do. */
	const granted: string[] = [];
	let open = 0;
	let asked = 0;
	return {
		mayRunCommands:
			settings()['agents.permissions'] !== 'deny' ||
			rules.some(({ decision, kinds }) => decision !== 'deny' && kinds?.includes('execute') !== false),
		waitedMilliseconds: () => waits.total,
		async decide(wanted, signal, hide) {
			const request: PermissionRequest = { ...wanted, agent: run.worker };
			try {
				const judgement = await judgeNow(parts, request);
				if (judgement.decision !== 'ask') {
					const line = judgement.rule?.line;
					return verdict(judgement.decision === 'allow', judgement.why, { by: 'policy', line });
				}
				const keys = partKeys(request);
				if (request.isServed && keys.length > 0 && keys.every((key) => granted.includes(key))) {
					keys.forEach((key) => granted.splice(granted.indexOf(key), 1));
					return verdict(true, 'the person allowed it a moment ago', { by: 'person' });
				}
				const excess = tooMany(open, asked);
				if (excess !== undefined) {
					return verdict(false, excess, {});
				}
				open += 1;
				asked += 1;
				const end = waits.begin();
				try {
					const given = await ask(
						parts,
						{ request, why: judgement.why, hide: (text) => parts.redact(hide(text)) },
						AbortSignal.any([signal, parts.signal]),
					);
					if (given.isAllowed && !request.isServed) {
						granted.push(...keys);
						granted.splice(0, Math.max(0, granted.length - mostGranted));
					}
					return given;
				} finally {
					open -= 1;
					end();
				}
			} catch (error) {
				log.warn(
					`${run.run_id}: a request was denied, because it could not be judged: ${describeError(error)}`,
				);
				return verdict(false, `it could not be judged: ${describeError(error)}`, {});
			}
		},
	};
}

const mostGranted = 200;
/** More than a person answers. An agent that floods us with questions must not fill the ledger. */
const mostOpen = 100;
const mostAsked = 2_000;

/** Why a person is not asked again; undefined when they may be. */
function tooMany(open: number, asked: number): string | undefined {
	if (open >= mostOpen) {
		return `${mostOpen} questions of this run wait for a person already`;
	}
	return asked >= mostAsked ? `this run has asked a person ${mostAsked} times` : undefined;
}

const verdict = (
	isAllowed: boolean,
	why: string,
	data: PermissionVerdict['data'],
	isRemembered = false,
): PermissionVerdict => ({ isAllowed, why, isRemembered, isCancelled: false, data });

const cancelled: PermissionVerdict = {
	isAllowed: false,
	why: 'the work was cancelled',
	isRemembered: false,
	isCancelled: true,
	data: {},
};

async function judgeNow({ policy, settings }: PermissionDoorParts, request: PermissionRequest) {
	return decidePermission({ reading: await policy.read(), setting: settings()['agents.permissions'] }, request);
}

interface Asking {
	readonly request: PermissionRequest;
	readonly why: string;
	readonly hide: (text: string) => string;
}

/** Asks the person and waits, for as long as it takes. Nothing is lost when this host dies: the next one closes the question. */
async function ask(
	parts: PermissionDoorParts,
	{ request, why, hide }: Asking,
	signal: AbortSignal,
): Promise<PermissionVerdict> {
	const { ledger, run, log } = parts;
	const questionId = newId('question');
	if (signal.aborted) {
		return cancelled;
	}
	const shown = { questionId, request: withoutSecrets(request, hide), why: hide(why) };
	await ledger.persist((transaction) => askQuestion(transaction, run, shown));
	parts.onAsk(`Waits for a person: ${shown.request.title} (${questionId}; ${shown.why})`);
	const question = await decided(parts, questionId, request, signal);
	if (question?.state !== 'answered') {
		// A run that ends closes its questions in the transaction that ends it. Otherwise the agent took the question back.
		if (!parts.signal.aborted) {
			ledger
				.persist((transaction) => takeBack(transaction, questionId))
				.catch((error: unknown) => log.warn(`${questionId} was not closed: ${describeError(error)}`));
		}
		return { ...cancelled, data: { question: questionId } };
	}
	const { answer, decided_by: by, note, is_remembered: isRemembered } = question;
	const said = `${by ?? 'somebody'} chose ${answer ?? 'nothing'}`;
	return verdict(
		answer === 'allow',
		note === null ? said : `${said}: ${note}`,
		{ question: questionId, by, isRemembered },
		isRemembered,
	);
}

async function takeBack(transaction: LedgerTransaction, questionId: string): Promise<void> {
	await closeQuestion(transaction, await requireQuestion(transaction, questionId), 'the agent waits no longer');
}

/** The question once it is not open any more; undefined after an abort. A rule that came after the question answers it too. */
async function decided(
	parts: PermissionDoorParts,
	questionId: string,
	request: PermissionRequest,
	signal: AbortSignal,
): Promise<Question | undefined> {
	const { ledger, log } = parts;
	let hasChanged = false;
	let wake: () => void = () => undefined;
	const notice = () => {
		hasChanged = true;
		wake();
	};
	const subscription = ledger.onDidChange(notice);
	signal.addEventListener('abort', notice, { once: true });
	try {
		while (!signal.aborted) {
			hasChanged = false;
			const question = await look(parts, questionId, request).catch((error: unknown) => {
				log.warn(`${questionId} was not looked at: ${describeError(error)}`);
				return 'again' as const;
			});
			if (question !== 'again') {
				return question;
			}
			if (!hasChanged) {
				await new Promise<void>((resolve) => {
					wake = resolve;
				});
			}
		}
		return undefined;
	} finally {
		subscription.dispose();
		signal.removeEventListener('abort', notice);
	}
}

async function look(
	parts: PermissionDoorParts,
	questionId: string,
	request: PermissionRequest,
): Promise<Question | undefined | 'again'> {
	const { ledger } = parts;
	const question = await ledger.read((reader) => reader.question(questionId));
	if (question?.state !== 'open') {
		return question;
	}
	const { decision: answer, why, rule } = await judgeNow(parts, request);
	if (answer === 'ask') {
		return 'again';
	}
	await ledger.write((transaction) => answerByRule(transaction, questionId, { answer, why, rule }));
	return ledger.read((reader) => reader.question(questionId));
}
