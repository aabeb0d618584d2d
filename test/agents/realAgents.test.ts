// Checks the driver on agents other people made, as they are published: each asks a scripted model on this machine and nobody else.

import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findPreset, presetOf } from '../../src/core/agent/agentPresets.ts';
import type { Agent } from '../../src/core/agent/agent.ts';
import { agentSchema } from '../../src/core/agent/agent.ts';
import { createAcpDriver } from '../../src/drivers/acp/acpDriver.ts';
import { HostTools } from '../../src/mcp/hostTools.ts';
import { requireContainer } from '../support/bubblewrap.ts';
import type { JobParts, StartedJob } from '../support/driverJobs.ts';
import { DriverFixture, realDriverPorts, startJob } from '../support/driverJobs.ts';
import { PROCESS_MARK } from '../support/processTree.mjs';
import type { RealAgent } from '../support/realAgents.mjs';
import { ensureKimi, ensureOpencode } from '../support/realAgents.mjs';
import type { ModelScript, ModelStep } from '../support/scriptedModel.ts';
import { ScriptedModel } from '../support/scriptedModel.ts';
import { useTemporaryFolders } from '../support/temporaryFolder.ts';
import { dreamOver } from '../support/temporaryLedger.ts';
import { TemporarySwarm } from '../support/temporarySwarm.ts';

for (const [id, ensure] of [
	['kimi', ensureKimi],
	['opencode', ensureOpencode],
] as const) {
	describe(`The real agent ${id}`, function () {
		this.timeout(90_000);
		this.slow(20_000);
		const folders = useTemporaryFolders();
		const driver = createAcpDriver(realDriverPorts());
		let real: RealAgent;
		let model: ScriptedModel;
		let fixture: DriverFixture;
		let home = '';
		let env: Record<string, string>;

		before(async function () {
			// Where it is not in the cache yet it comes from npm, which must not count against a test's patience.
			this.timeout(600_000);
			real = await ensure();
			model = await ScriptedModel.start();
			home = await mkdtemp(path.join(tmpdir(), 'dreamos-home-'));
			// One for all tests: in a home it never saw, an agent spends seconds on setting itself up.
			env = await real.setUp(home, model.address);
		});
		after(async () => {
			await model.stop();
			await rm(home, { recursive: true, force: true, maxRetries: 5 });
		});
		beforeEach(async () => {
			fixture = await DriverFixture.create();
			spawnSync('git', ['init', '--quiet'], { cwd: fixture.worktree });
		});
		afterEach(async () => {
			const left = await fixture.living();
			await fixture.dispose();
			assert.deepEqual(left, [], 'the agent left processes behind');
		});

		const start = (script: ModelScript, parts: JobParts = {}): StartedJob => {
			model.script = script;
			return startJob(driver, fixture.job({ prompt: 'Do your task.', ...parts, command: real.command, env }));
		};
		const inside = (name: string) => path.join(fixture.worktree, name);

		for (const how of ['not contained', 'contained'] as const) {
			it(`works on a task of the swarm, ${how}, and its change lands`, async function () {
				const container = how === 'contained' ? await requireContainer(this) : undefined;
				const agent: Agent = agentSchema.parse({
					id: 'Agent-1',
					driver: 'acp',
					command: real.command,
					env: { ...env, [PROCESS_MARK]: path.basename(fixture.root) },
				});
				const swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' }, { agents: [agent] });
				model.script = ({ text, results }) => {
					const folder = /Work only inside this folder: (.+?)\\n/u.exec(text)?.[1] ?? 'nowhere';
					return results === 0
						? { write: path.join(folder, 'made.txt'), content: 'made by an agent\n' }
						: { say: 'I made made.txt.' };
				};
				try {
					await swarm.add('A', [], { params: {}, validation: { commands: ['grep -q agent made.txt'] } });
					await swarm.workUntilIdle(80_000, container === undefined ? {} : { container });
					const task = await swarm.task('A');
					assert.equal(task.status, 'COMPLETED', swarm.lines.join('\n'));
					assert.equal(task.result?.summary, 'I made made.txt.');
					assert.equal(swarm.shown('made.txt'), 'made by an agent\n');
					const [run] = await swarm.runs('A');
					assert.equal(run?.session?.kind, id);
					const log = await readFile(path.join(swarm.folder, run?.log_file ?? ''), 'utf8');
					assert.equal(log.includes('is contained by bubblewrap'), how === 'contained');
					assert.deepEqual(swarm.leftovers(), []);
				} finally {
					await swarm.dispose();
				}
			});
		}

		it('reads its task, reports and finishes by the tools of its session, under the names its prompt tells', async () => {
			const agent: Agent = agentSchema.parse({
				id: 'Agent-1',
				driver: 'acp',
				command: real.command,
				env: { ...env, [PROCESS_MARK]: path.basename(fixture.root) },
			});
			const swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' }, { agents: [agent] });
			const tools = new HostTools({
				dream: dreamOver(swarm.ledger, swarm.folder),
				ledger: swarm.ledger,
				log: swarm.log,
				folder: swarm.folder,
				script: path.join(import.meta.dirname, '../../src/host.ts'),
			});
			const asked = model.requests.length;
			model.script = ({ text, results }) => {
				const shown = (tool: string) => new RegExp(`- (\\S*${tool}): `, 'u').exec(text)?.[1] ?? `no ${tool}`;
				const steps: readonly ModelStep[] = [
					{ call: shown('task_show'), input: {} },
					{ call: shown('run_report'), input: { text: 'half way', percent: 50 } },
					{ call: shown('run_finish'), input: { summary: 'I was told by my tools.' } },
				];
				return steps[results] ?? { say: 'Done.' };
			};
			try {
				await swarm.add('A', [], { name: 'Read this aloud', params: {}, max_attempts: 1 });
				await swarm.workUntilIdle(80_000, { openTools: (request) => tools.open(request) });
				const task = await swarm.task('A');
				assert.equal(task.status, 'COMPLETED', swarm.lines.join('\n'));
				assert.equal(task.result?.summary, 'I was told by my tools. No file was changed.');
				const reports = (await swarm.events('A')).filter(({ type }) => type === 'run.reported');
				assert.deepEqual(
					reports.map(({ message }) => message),
					['Agent-1 (50%): half way'],
				);
				assert.match(model.requests[asked + 1]?.text ?? '', /tool: .*Read this aloud/su);
			} finally {
				await swarm.dispose();
				await tools.close();
			}
		});

		it('is refused what leaves its worktree, and does not do it', async () => {
			const outside = path.join(fixture.root, 'outside.txt');
			const job = start(({ results }) =>
				results === 0 ? { run: `echo x > ${outside}` } : { say: 'Not allowed.' },
			);
			const outcome = await job.outcome;
			assert.equal(outcome.kind, 'finished', JSON.stringify(outcome));
			assert.match(job.text('permission'), /^Rejected: .*which is not inside the worktree/u);
			assert.equal(existsSync(outside), false);
		});

		it('stops in the middle of a turn, with everything it started', async () => {
			const job = start(() => ({ hang: 'I begin\n' }));
			await job.told('I begin');
			await job.session.cancel();
			assert.deepEqual(await job.outcome, { kind: 'cancelled' });
		});

		it('goes on after it was killed, with what it was told before', async () => {
			const first = start(({ results }) =>
				results === 0 ? { write: inside('first.txt'), content: 'first\n' } : { hang: 'half way\n' },
			);
			await first.told('half way');
			process.kill(first.processes[0]?.pid ?? 0, 'SIGKILL');
			const outcome = await first.outcome;
			assert.equal(outcome.kind === 'failed' && outcome.code, 'agent.exited', JSON.stringify(outcome));
			const [session] = first.sessions;
			assert.ok(session !== undefined);

			const asked = model.requests.length;
			const second = start(
				({ results }) =>
					results === 0 ? { write: inside('second.txt'), content: 'second\n' } : { say: 'Done.' },
				{
					resume: { session, prompt: 'Go on, please.' },
				},
			);
			assert.deepEqual(await second.outcome, { kind: 'finished', summary: 'Done.' });
			assert.match(second.text('note'), /Goes on with session/u);
			assert.equal(await readFile(inside('first.txt'), 'utf8'), 'first\n');
			assert.equal(await readFile(inside('second.txt'), 'utf8'), 'second\n');
			const [request] = model.requests.slice(asked);
			assert.match(request?.text ?? '', /Do your task\.[\s\S]*tool: [\s\S]*Go on, please\./u);
		});

		it('says what modes and models it has when one is not offered', async () => {
			const outcome = await start(() => ({ say: 'x' }), { entry: { mode: 'no such mode' } }).outcome;
			assert.equal(outcome.kind === 'failed' && outcome.code, 'agent.option', JSON.stringify(outcome));
			assert.match(outcome.kind === 'failed' ? outcome.reason : '', /It offers: .*plan/u);
		});

		it('is known by its preset, and passes the check as far as it goes', async () => {
			assert.equal(presetOf({ command: real.command.slice(-2) }, id)?.id, findPreset(id)?.id);
			model.script = ({ text, results }) => {
				if (text.includes('Count from 1 to 500')) {
					return text.includes('one word: here') ? { say: 'here' } : { hang: 'one\n' };
				}
				return results === 0
					? { write: inside('dreamos-check.txt'), content: 'ok' }
					: { say: 'It was refused.' };
			};
			const job = fixture.job({ command: real.command, env, permissions: { setting: 'deny' } });
			const check = await driver.check?.(job, { hasTurns: true });
			const verdicts = Object.fromEntries((check?.steps ?? []).map(({ step, verdict }) => [step, verdict]));
			const text = JSON.stringify(check, null, 2);
			assert.equal(check?.is_usable, true, text);
			assert.deepEqual(
				[
					verdicts['start'],
					verdicts['initialize'],
					verdicts['session'],
					verdicts['usage'],
					verdicts['cancel'],
					verdicts['resume'],
					verdicts['mcp'],
				],
				Array.from({ length: 7 }, () => 'passed'),
				text,
			);
			// One asks first, the other writes through our own service only, which refuses: both keep to it.
			assert.equal(verdicts['permission'], 'passed', text);
		});
	});
}
