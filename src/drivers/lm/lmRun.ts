// Owns the life of one run with a language model of the editor. Whatever happens, it ends with one outcome and no process.

import { sleepWithoutWaits } from '../../base/async.ts';
import { newId } from '../../base/ids.ts';
import type {
	DriverJob,
	DriverListener,
	DriverOutcome,
	DriverPorts,
	DriverSession,
	DriverUpdate,
} from '../../core/driver/driver.ts';
import { containProcesses } from '../containedProcesses.ts';
import { failedOutcome } from '../driverFailure.ts';
import { jobEnvironment } from '../jobEnvironment.ts';
import { checkWorktree } from '../jobWorktree.ts';
import { hideInOutcome, jobSecretFilter, withoutSecrets } from '../secretFilter.ts';
import { watchSilence } from '../silenceWatch.ts';
import { createUpdateSink } from '../updateSink.ts';
import { fellSilent, noPort, timedOut } from './lmFailures.ts';
import { createLmTools } from './lmTools.ts';
import type { LmState } from './lmTurns.ts';
import { takeTurns } from './lmTurns.ts';

/** Kind of the sessions of this driver. */
const lmSessionKind = 'lm';

type Interruption = 'cancelled' | 'timeout' | 'silence';

export function startLmRun(ports: DriverPorts, job: DriverJob, listener: DriverListener): DriverSession {
	const hide = jobSecretFilter(job, ports.keys);
	const ending = new AbortController();
	const interrupt = (why: Interruption) => ending.abort(why);
	const over = new AbortController();
	sleepWithoutWaits(job.timeoutMilliseconds, () => job.permissions.waitedMilliseconds(), over.signal).then(
		() => interrupt('timeout'),
		() => undefined,
	);
	const parts: Life = {
		ports,
		job,
		listener: withoutSecrets(listener, hide),
		hide,
		ending: ending.signal,
		interrupt,
	};
	const outcome = live(parts)
		.catch((error: unknown): DriverOutcome =>
			ending.signal.aborted
				? interrupted(job, ending.signal.reason as Interruption)
				: failedOutcome(error, 'model.failed'),
		)
		.then((ended) => hideInOutcome(ended, hide))
		.finally(() => over.abort());
	return {
		outcome,
		async cancel() {
			interrupt('cancelled');
			await outcome;
		},
	};
}

interface Life {
	readonly ports: DriverPorts;
	readonly job: DriverJob;
	readonly listener: DriverListener;
	readonly hide: (text: string) => string;
	readonly ending: AbortSignal;
	readonly interrupt: (why: Interruption) => void;
}

async function live({ ports, job, listener, hide, ending, interrupt }: Life): Promise<DriverOutcome> {
	const sink = createUpdateSink(listener, ports.clock);
	const tell = (update: DriverUpdate) => sink.push(update);
	const state: LmState = { isUsingTool: false, isResting: false };
	try {
		await checkWorktree(ports, job);
		const { languageModels } = ports;
		if (languageModels === undefined) {
			throw noPort(job);
		}
		const { processes, isContained, text } = await containProcesses(ports, job, jobEnvironment(job, ports.keys));
		if (!isContained) {
			await listener.onUncontained?.();
		}
		if (ports.container !== undefined) {
			tell({ kind: 'note', text: `What ${job.agent.id} runs is ${text}.` });
		}
		const tools = createLmTools({ ports: { ...ports, processes }, job, listener, hide, tell });
		const open = async (conversationId: string) => {
			const conversation = await languageModels.open({
				conversation_id: conversationId,
				run_id: job.run_id,
				agent_id: job.agent.id,
				model: job.agent.model,
				tools: tools.offered,
			});
			noteSession(listener, job, conversationId);
			return conversation;
		};
		const conversation = await open(earlierSession(job) ?? newId('conversation'));
		const silence = watchSilence(ports.clock, job.patience.silence, {
			isExcused: () => state.isUsingTool || state.isResting,
			waitedMilliseconds: () => job.permissions.waitedMilliseconds(),
			onSilent: () => interrupt('silence'),
		});
		try {
			ending.throwIfAborted();
			return await takeTurns({
				job,
				conversation,
				beginAnew: () => open(newId('conversation')),
				tools,
				state,
				signal: ending,
				isResumed: conversation.earlier.length > 0,
				hide,
				onSign: () => silence.hear(),
				tell,
			});
		} finally {
			silence.dispose();
		}
	} finally {
		sink.close();
	}
}

/** The conversation an earlier attempt left in this very folder. */
const earlierSession = ({ resume, worktree }: DriverJob): string | undefined =>
	resume?.session.kind === lmSessionKind && resume.session.cwd === worktree ? resume.session.session_id : undefined;

function noteSession(listener: DriverListener, job: DriverJob, conversationId: string): void {
	try {
		listener.onSession({
			kind: lmSessionKind,
			session_id: conversationId,
			cwd: job.worktree,
			mode: null,
			options: {},
			opened_at: job.resume?.session.opened_at ?? new Date().toISOString(),
		});
	} catch {
		// As with updates: a listener that fails is not the agent's fault.
	}
}

function interrupted(job: DriverJob, why: Interruption): DriverOutcome {
	switch (why) {
		case 'timeout':
			return failedOutcome(timedOut(job, job.timeoutMilliseconds), 'agent.timeout');
		case 'silence':
			return failedOutcome(fellSilent(job, job.patience.silence), 'agent.timeout');
		case 'cancelled':
			return { kind: 'cancelled' };
	}
}
