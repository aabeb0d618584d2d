// Checks that an agent goes on with the session of a process that is no more, where it can, and begins anew where it cannot.

import { strict as assert } from 'node:assert';
import type { RunSession } from '../../../../src/core/run/run.ts';
import { createAcpDriver } from '../../../../src/drivers/acp/acpDriver.ts';
import { restOfMinute } from '../../../../src/drivers/acp/acpSession.ts';
import type { JobParts } from '../../../support/driverJobs.ts';
import { DriverFixture, realDriverPorts, scripted, startJob } from '../../../support/driverJobs.ts';
import type { Script } from '../../../support/scriptedAcpScript.ts';

describe('An interrupted session', function () {
	this.slow(3_000);
	let fixture: DriverFixture;
	const driver = createAcpDriver(realDriverPorts());

	beforeEach(async () => {
		fixture = await DriverFixture.create();
	});
	afterEach(async () => {
		const left = await fixture.living();
		await fixture.dispose();
		assert.deepEqual(left, []);
	});

	const modes = { currentModeId: 'yolo', availableModes: [{ id: 'default', name: 'Default' }, { id: 'yolo' }] };
	const script: Script = {
		session: { answer: { modes } },
		turn: [
			{ do: 'say', text: 'ready\n' },
			{ do: 'exit', code: 137 },
		],
		turnAfterResume: [{ do: 'say', text: 'went on' }],
	};
	/** Lets an agent die in the middle of its turn; returns what was kept of its session. */
	const die = async (how: Script, parts: JobParts = {}): Promise<RunSession> => {
		const job = startJob(driver, fixture.job(scripted(how, parts)));
		const outcome = await job.outcome;
		assert.equal(outcome.kind === 'failed' && outcome.code, 'agent.exited');
		const [session] = job.sessions;
		assert.ok(session !== undefined);
		return session;
	};
	const again = (how: Script, session: RunSession, parts: JobParts = {}) =>
		startJob(driver, fixture.job(scripted(how, { ...parts, resume: { session, prompt: 'Go on.' } })));

	for (const resume of ['load', 'resume'] as const) {
		it(`goes on by session/${resume}; what is replayed is not logged again, and the mode is set once more`, async () => {
			const how: Script = { ...script, resume };
			const parts = { entry: { mode: 'Default' } };
			const session = await die(how, parts);
			assert.deepEqual(
				[session.cwd, session.mode, session.session_id.length > 10],
				[fixture.worktree, 'Default', true],
			);
			const job = again(how, session, parts);
			assert.deepEqual(await job.outcome, { kind: 'finished', summary: 'went on' });
			assert.equal(job.text('message'), 'went on');
			assert.match(job.text('note'), /Goes on with session .*\n.*Set: mode "Default"/su);
			assert.equal(job.sessions[0]?.session_id, session.session_id);
		});
	}

	it('begins anew where the agent cannot, refuses, or is another, and says why', async () => {
		const session = await die(script);
		const fresh: Script = { turn: [{ do: 'say', text: 'from the beginning' }] };
		type Case = readonly [Script, RunSession, RegExp];
		const cases: readonly Case[] = [
			[fresh, session, /is not taken up again: the agent cannot load one/u],
			[
				{ ...fresh, resume: 'refuse' },
				session,
				/is not taken up again: .*reported an error while opening a session/u,
			],
			// As kimi says it of a session it does not know; gemini, opencode and codex; and codex of one another process has.
			...(
				[
					[-32602, 'unknown session'],
					[-32603, 'internal error'],
					[-32600, 'thread_active_writer'],
				] as const
			).map(([code, message]): Case => [
				{ ...fresh, resume: 'refuse', refusal: { code, message } },
				session,
				new RegExp(`is not taken up again: .*${message}`, 'u'),
			]),
			[{ ...fresh, resume: 'load' }, { ...session, kind: 'gemini' }, /one of another agent or folder/u],
			[{ ...fresh, resume: 'load' }, { ...session, cwd: '/elsewhere' }, /one of another agent or folder/u],
		];
		for (const [how, left, why] of cases) {
			const job = again(how, left);
			assert.deepEqual(await job.outcome, { kind: 'finished', summary: 'from the beginning' });
			assert.match(job.text('note'), why);
			assert.notEqual(job.sessions[0]?.session_id, session.session_id);
		}
	});

	it('of an agent that loses what it loads too soon is taken up in the next minute only', async () => {
		const minute = Date.parse('2026-11-26T10:20:00Z');
		assert.deepEqual(
			[
				restOfMinute(minute + 10_000, minute + 20_000),
				restOfMinute(minute + 59_999, minute + 60_000),
				restOfMinute(minute, minute + 90_000),
				restOfMinute(minute + 3_600_000, minute),
				restOfMinute(Number.NaN, minute),
			],
			[40_000, 0, 0, 0, 0],
		);
		const how: Script = { ...script, resume: 'load', session: {} };
		const parts = { entry: { preset: 'gemini' } };
		const session = await die(how, parts);
		const job = again(how, { ...session, opened_at: '2026-11-26T10:20:00Z' }, parts);
		assert.equal((await job.outcome).kind, 'finished');
		assert.match(job.text('note'), /Goes on with session/u);
	});
});
