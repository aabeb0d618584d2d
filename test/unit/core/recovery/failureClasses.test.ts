// Checks for each class of failure how it shows, what it is taken for, when it is tried again, and whether a person has to do something.

import assert from 'node:assert/strict';
import { DreamError } from '../../../../src/base/errors.ts';
import type { FailureFault, RetryPolicy } from '../../../../src/core/recovery/failureRule.ts';
import { failureRule } from '../../../../src/core/recovery/failureRule.ts';
import { failedOutcome } from '../../../../src/drivers/driverFailure.ts';
import type { AgentFacts } from '../../../../src/drivers/acp/acpFailures.ts';
import {
	answeredError,
	exited,
	fellSilent,
	notAnAgent,
	quietFailure,
	stopped,
	timedOut,
	wrongVersion,
} from '../../../../src/drivers/acp/acpFailures.ts';
import { modelFailure } from '../../../../src/editor/models/modelFailures.ts';

const facts: AgentFacts = { id: 'Agent-1', program: 'x', command: ['x'], errorOutput: '', strayOutput: '' };
const answer = (code: number, message: string, data?: unknown) =>
	answeredError(facts, 'working', { code, message, ...(data === undefined ? {} : { data }) }, []);
const said = (text: string) => quietFailure(facts, text) ?? new DreamError('test.none', 'no failure');
const model = (message: string) => modelFailure(new Error(message), { vendor: 'v', id: 'm', name: 'M' });
const ours = (code: `${string}.${string}`) => new DreamError(code, 'It failed.', { details: { isTransient: true } });

type Row = readonly [className: string, shows: DreamError, code: string, fault: FailureFault, retry: RetryPolicy];
const rows: readonly Row[] = [
	[
		'agent crash, exit code 1',
		exited(facts, 'working', { exitCode: 1, signal: undefined }),
		'agent.exited',
		'agent',
		'exponential',
	],
	[
		'agent crash, a signal',
		exited(facts, 'working', { exitCode: undefined, signal: 'SIGSEGV' }),
		'agent.exited',
		'agent',
		'exponential',
	],
	[
		'nothing to run, exit code 127',
		exited(facts, 'starting', { exitCode: 127, signal: undefined }),
		'agent.exited',
		'entry',
		'exponential',
	],
	['protocol error', notAnAgent(facts, 'wrote no message'), 'agent.protocol', 'entry', 'none'],
	['protocol version', wrongVersion(facts, 9), 'agent.protocol', 'entry', 'none'],
	['protocol error -32602', answer(-32602, 'bad params'), 'agent.protocol', 'entry', 'none'],
	['rate limit, HTTP 429', answer(429, 'slow down'), 'agent.rateLimited', 'agent', 'atTime'],
	['rate limit, text', answer(-32603, 'Rate limit reached for requests'), 'agent.rateLimited', 'agent', 'atTime'],
	['rate limit of a model of the editor', model('Too many requests'), 'model.rateLimited', 'agent', 'atTime'],
	['quota window', said('Error: 5-hour limit reached ∙ resets 3pm'), 'agent.rateLimited', 'agent', 'atTime'],
	[
		'quota window of a day',
		answer(-32603, 'You exceeded your current quota'),
		'agent.rateLimited',
		'agent',
		'atTime',
	],
	['network, refused', answer(-32603, 'connect ECONNREFUSED 10.0.0.1:443'), 'agent.network', 'agent', 'exponential'],
	[
		'network, no name',
		said('API Error: getaddrinfo ENOTFOUND api.example.com'),
		'agent.network',
		'agent',
		'exponential',
	],
	['network, HTTP 503', answer(503, 'upstream'), 'agent.network', 'agent', 'exponential'],
	['network of a model of the editor', model('fetch failed'), 'model.network', 'agent', 'exponential'],
	['service error, HTTP 500', answer(500, 'internal'), 'agent.failed', 'agent', 'exponential'],
	['log-in, HTTP 401', answer(401, 'no key'), 'agent.authenticationRequired', 'entry', 'none'],
	['gate', ours('gate.failed'), 'gate.failed', 'task', 'atOnce'],
	['conflict with a rule of the work', ours('task.guardRefused'), 'task.guardRefused', 'task', 'atOnce'],
	['permission', stopped(facts, ['rm -rf /']), 'agent.stopped', 'task', 'atOnce'],
	['permission to use a model', ours('model.noPermission'), 'model.noPermission', 'task', 'atOnce'],
	['out of disk', ours('file.full'), 'file.full', 'machine', 'none'],
	['worktrees full', ours('worktrees.full'), 'worktrees.full', 'machine', 'none'],
	['timeout, silent', fellSilent(facts, 1000), 'agent.timeout', 'agent', 'linear'],
	['timeout, too long', timedOut(facts, 1000, 'working'), 'agent.timeout', 'agent', 'linear'],
	['burns without changing anything', ours('budget.noProgress'), 'budget.noProgress', 'task', 'atOnce'],
	['budget used up', ours('budget.spent'), 'budget.spent', 'budget', 'none'],
];

describe('classes of failures', () => {
	for (const [className, shows, code, fault, retry] of rows) {
		it(`${className}: ${code}, ${fault}, ${retry}`, () => {
			const outcome = failedOutcome(shows, 'run.broke');
			const rule = failureRule(outcome);
			assert.deepEqual([outcome.code, rule.fault, rule.retry], [code, fault, retry]);
		});
	}

	it('keep when a service answers again, whether it says so in words, in data or in a header', () => {
		const told = [
			answer(-32603, 'Rate limited', { retry_after: 120 }),
			answer(429, 'x', { headers: { 'retry-after': '120' } }),
			answer(429, 'x', { error: { message: 'quota', resetsAt: 1_795_791_600 } }),
		].map(({ message }) => /(?:retry.after|resetsAt): \d+/u.exec(message)?.[0]);
		assert.deepEqual(told, ['retry_after: 120', 'retry-after: 120', 'resetsAt: 1795791600']);
	});
});
