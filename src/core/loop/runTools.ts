// Owns what a run does with the tools its agent is given: opens them, hears when the agent is done or never came, and keeps their
// secret out of everything that is written down. Without tools a run goes on as before.

import { sleep } from '../../base/async.ts';
import { describeError } from '../../base/errors.ts';
import { mapTexts } from '../../base/json.ts';
import type { Logger } from '../../base/log.ts';
import type { Agent } from '../agent/agent.ts';
import type { Driver, DriverListener, DriverOutcome, DriverSession, DriverUpdate } from '../driver/driver.ts';
import type { OpenRunTools, RunTools } from '../driver/jobTools.ts';
import type { Run } from '../run/run.ts';
import type { HostLedger } from './hostLedger.ts';
import type { RunLog } from './runLog.ts';

export interface RunToolsParts {
	readonly ledger: HostLedger;
	readonly log: Logger;
	readonly openTools?: OpenRunTools | undefined;
}

/** How long an agent that said it is done may take to end its turn. */
const finishGraceMilliseconds = 15_000;

/** The tools of a run; undefined where nobody serves them, or where that failed, which is logged. */
export async function openTools(
	{ ledger, log, openTools: open }: RunToolsParts,
	{ run, agent, driver }: { readonly run: Run; readonly agent: Agent; readonly driver: Driver },
): Promise<RunTools | undefined> {
	if (open === undefined || driver.givesTools !== true) {
		return undefined;
	}
	const onMissing = (message: string) => {
		log.warn(`${run.run_id}: ${message}`);
		ledger
			.write((transaction) =>
				transaction.append({
					type: 'run.toolsMissing',
					task_id: run.task_id,
					run_id: run.run_id,
					agent_id: agent.id,
					message,
				}),
			)
			.catch((error: unknown) => log.warn(`${run.run_id}: that was not recorded: ${describeError(error)}`));
	};
	try {
		return await open({ run, agent, actor: { kind: 'agent', id: agent.id }, onMissing });
	} catch (error) {
		log.warn(`${run.run_id}: ${agent.id} works without the tools of Dream.OS: ${describeError(error)}`);
		return undefined;
	}
}

/** Ends the turn of an agent that said it is done and does not stop by itself. */
export function endAfterFinish(
	session: DriverSession,
	tools: Pick<RunTools, 'finished'> | undefined,
	{
		signal,
		onCancelError,
		graceMilliseconds = finishGraceMilliseconds,
	}: {
		readonly signal: AbortSignal;
		readonly onCancelError: (error: unknown) => void;
		readonly graceMilliseconds?: number;
	},
): void {
	const over = new AbortController();
	void session.outcome.then(() => over.abort());
	void tools?.finished
		.then(() => sleep(graceMilliseconds, AbortSignal.any([signal, over.signal])))
		.then(
			() => session.cancel().catch(onCancelError),
			() => undefined,
		);
}

/** An update without the secret, also where it stands in the data. */
export function redactUpdate(update: DriverUpdate, tools: Pick<RunTools, 'redact'>): DriverUpdate {
	const { data } = update;
	return {
		...update,
		text: tools.redact(update.text),
		...(data === undefined ? {} : { data: mapTexts(data, (text) => tools.redact(text)) as typeof data }),
	};
}

/** Has the lines of a protocol written down without the secret; nothing where nobody asked for them. */
export function recordProtocol(
	log: Pick<RunLog, 'addProtocol'> | undefined,
	tools: Pick<RunTools, 'redact'> | undefined,
): Pick<DriverListener, 'onProtocol'> {
	return log === undefined
		? {}
		: { onProtocol: (direction, line) => log.addProtocol(direction, tools?.redact(line) ?? line) };
}

/** What a driver says in the end, without the secret: it goes to the ledger and the board. */
export function redactOutcome(outcome: DriverOutcome, tools: Pick<RunTools, 'redact'>): DriverOutcome {
	switch (outcome.kind) {
		case 'finished':
			return { ...outcome, summary: tools.redact(outcome.summary) };
		case 'failed':
			return { ...outcome, reason: tools.redact(outcome.reason) };
		case 'cancelled':
			return outcome;
	}
}
