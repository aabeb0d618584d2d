// Owns trying an agent: can it be started, does it open a session, does it ask before it writes, does it stop when told, can it go
// on after it died. Everything it asks for is refused, and what it writes lies in a folder that is thrown away.

import { isDreamError } from '../../base/errors.ts';
import type { AgentCheck, CheckedStep, CheckStep, LoginWay } from '../../core/agent/agentCheck.ts';
import { checkSteps } from '../../core/agent/agentCheck.ts';
import type { DriverJob, DriverPorts } from '../../core/driver/driver.ts';
import { timestamp } from '../../core/ports.ts';
import { tryContainment } from '../containedProcesses.ts';
import { failedOutcome } from '../driverFailure.ts';
import { checkWorktree } from '../jobWorktree.ts';
import { jobSecretFilter } from '../secretFilter.ts';
import type { AcpConnection } from './acpConnection.ts';
import { objectAt, textAt } from './acpRead.ts';
import type { OpenedSession } from './acpSession.ts';
import { openSession } from './acpSession.ts';
import type { Found, Try } from './acpTries.ts';
import {
	describeMcp,
	describeOffer,
	describeUsage,
	endOne,
	passed,
	startOne,
	tryCancel,
	tryPermission,
	tryResume,
	within,
} from './acpTries.ts';
import { initialize } from './acpTurn.ts';

/** Tries everything that can be tried; what fails is a step of the answer. Never rejects. */
export async function checkAcpAgent(
	ports: DriverPorts,
	job: DriverJob,
	{ hasTurns }: { readonly hasTurns: boolean },
): Promise<AgentCheck> {
	const hide = jobSecretFilter(job, ports.keys);
	const steps: CheckedStep[] = [];
	let login: LoginWay[] = [];
	const open: AcpConnection[] = [];
	let isOver = false;

	/** Does a step within its time; nothing after a failure that leaves nothing to try. */
	const step = async (name: CheckStep, work: () => Promise<Found>): Promise<void> => {
		if (isOver) {
			return;
		}
		const begin = ports.clock.monotonic();
		let found: Found;
		try {
			found = await within(job.timeoutMilliseconds, work(), name);
		} catch (error) {
			const failure = failedOutcome(error, 'agent.failed');
			if (isDreamError(error, 'agent.authenticationRequired')) {
				login = [...((error.details['login'] as readonly LoginWay[] | undefined) ?? [])];
			}
			found = { verdict: 'failed', text: failure.reason };
			isOver = ['containment', 'start', 'initialize', 'session', 'permission'].includes(name);
		}
		const milliseconds = Math.round(ports.clock.monotonic() - begin);
		steps.push({ step: name, verdict: found.verdict, text: hide(found.text), milliseconds });
	};
	const begin = async (): Promise<Try> => {
		const tried = await startOne(ports, job);
		open.push(tried.connection);
		return tried;
	};

	let name = '';
	try {
		let first: Try | undefined;
		let session: OpenedSession | undefined;
		await step('containment', () => tryContainment(ports, job));
		await step('start', async () => {
			await checkWorktree(ports, job);
			first = await begin();
			return passed((job.agent.command ?? []).join(' '));
		});
		const tried = first;
		if (tried !== undefined) {
			await step('initialize', async () => {
				await initialize({ job, ...tried, tell: () => undefined });
				const info = objectAt(tried.state.initialized, 'agentInfo');
				name = [textAt(info, 'title') ?? textAt(info, 'name'), textAt(info, 'version')]
					.filter(Boolean)
					.join(' ');
				return passed('protocol version 1');
			});
			await step('session', async () => {
				session = await openSession({ job, ...tried, tell: (update) => tried.updates.push(update) });
				return passed(describeOffer(session));
			});
		}
		const opened = session;
		if (tried !== undefined && opened !== undefined && hasTurns) {
			await step('permission', () => tryPermission(ports, job, tried, opened));
			await step('cancel', () => tryCancel(tried, opened));
		}
		if (tried !== undefined && opened !== undefined) {
			await step('resume', () => tryResume(tried, opened, { job, begin, hasTurns }));
			if (hasTurns) {
				// Some agents tell it only after the turn.
				await step('usage', async () => describeUsage(tried));
			}
			await step('mcp', async () => describeMcp(job, tried.state));
		}
	} finally {
		await Promise.all(open.map((connection) => endOne(connection)));
	}
	const done = new Set(steps.map(({ step: each }) => each));
	const skipped = checkSteps
		.filter((each) => !done.has(each))
		.map((each): CheckedStep => ({ step: each, verdict: 'skipped', text: 'not tried', milliseconds: 0 }));
	const isUsable = !steps.some(
		({ step: each, verdict }) => verdict === 'failed' && each !== 'resume' && each !== 'usage',
	);
	return {
		at: timestamp(ports.clock),
		is_usable: isUsable,
		agent: hide(name),
		steps: [...steps, ...skipped].toSorted(
			(left, right) => checkSteps.indexOf(left.step) - checkSteps.indexOf(right.step),
		),
		login,
	};
}
