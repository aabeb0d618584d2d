// Checks what a host does with agents that speak the Agent Client Protocol: going on after a kill, holding one that cannot work,
// and keeping their keys to itself.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent } from '../../../src/core/agent/agent.ts';
import { keepAgentCheck } from '../../../src/core/agent/agentCheck.ts';
import { queueMessage } from '../../../src/core/run/runMessages.ts';
import { protocolLogPath } from '../../../src/core/run/runLogPath.ts';
import { hostExitCodes } from '../../../src/host/exitCodes.ts';
import { scripted } from '../../support/driverJobs.ts';
import type { Script } from '../../support/scriptedAcpScript.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm, person } from '../../support/temporarySwarm.ts';

describe('a host with agents', () => {
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	let file: string;
	const follow = (script: Script) => writeFileSync(file, JSON.stringify(script));
	const open = async (script: Script, fields: Partial<Agent> = {}) => {
		// Beside the workspace: what the agent will say must not stand in its entry.
		file = join(folders.make(), 'script.json');
		follow(script);
		const command = [...(scripted({}).command ?? []), file];
		const agent = buildAgent('Tester', { driver: 'acp', command, ...fields });
		swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' }, { agents: [agent] });
		return swarm;
	};
	afterEach(() => swarm.dispose());

	it('lets an agent go on in its own session after the host was killed, with the files it had', async () => {
		await open({
			resume: 'load',
			turn: [{ do: 'write', path: 'half.txt', content: 'half\n' }, { do: 'say', text: 'half\n' }, { do: 'hang' }],
			turnAfterResume: [
				{ do: 'write', path: 'rest.txt', content: 'rest\n' },
				{ do: 'say', text: 'The rest is done.' },
			],
		});
		await swarm.add('A', [], { params: {}, validation: { commands: ['cat half.txt rest.txt'] } });
		await swarm.tell(true);
		const killed = swarm.spawnHost();
		await swarm.until(
			async () => typeof (await swarm.runs('A'))[0]?.session?.session_id === 'string',
			'the session is recorded',
		);
		const [first] = await swarm.runs('A');
		await swarm.until(() => statOf(join(first?.worktree ?? '', 'half.txt')), 'it works');
		killed.child.kill('SIGKILL');
		assert.equal(await killed.exited, 'SIGKILL');

		const heir = swarm.spawnHost();
		const task = await swarm.statusIs('A', 'COMPLETED');
		const [lost, second] = await swarm.runs('A');
		assert.deepEqual([lost?.state, second?.state, task.attempts], ['lost', 'completed', 2]);
		assert.equal(second?.session?.session_id, lost?.session?.session_id);
		assert.equal(second?.base_commit, lost?.base_commit);
		assert.equal(task.result?.summary, 'The rest is done.');
		assert.deepEqual([swarm.shown('half.txt'), swarm.shown('rest.txt')], ['half\n', 'rest\n']);
		await swarm.tell(false);
		assert.equal(await heir.exited, hostExitCodes.stopped);
		assert.deepEqual(swarm.leftovers(), []);
	});

	it('gives what an agent left that was killed to one that cannot remember: the files, and where it stood', async () => {
		await open({
			turn: [
				{ do: 'write', path: 'half.txt', content: 'half\n' },
				{ do: 'plan', entries: [{ content: 'the second half', status: 'pending' }] },
				{ do: 'say', text: 'half\n' },
				{ do: 'waitForFile', path: 'go' },
			],
			laterTurns: [{ do: 'write', path: 'later.txt', content: 'later\n' }, { do: 'hang' }],
		});
		await swarm.add('A', [], { params: {}, validation: { commands: ['cat half.txt later.txt rest.txt'] } });
		await swarm.tell(true);
		const killed = swarm.spawnHost();
		await swarm.until(
			async () => typeof (await swarm.runs('A'))[0]?.session?.session_id === 'string',
			'the session is recorded',
		);
		const [first] = await swarm.runs('A');
		assert.ok(first !== undefined);
		// Keeps it at work after its first turn.
		await swarm.ledger.write(person, (transaction) =>
			queueMessage(transaction, first, { text: 'Mind the second half.', now: false }),
		);
		writeFileSync(join(first.worktree ?? '', 'go'), '');
		await swarm.until(() => statOf(join(first.worktree ?? '', 'later.txt')), 'it is in its second turn');
		killed.child.kill('SIGKILL');
		assert.equal(await killed.exited, 'SIGKILL');
		follow({
			turn: [
				{ do: 'sayPrompt' },
				{ do: 'write', path: 'rest.txt', content: 'rest\n' },
				{ do: 'say', text: 'The rest is done.' },
			],
		});
		const heir = swarm.spawnHost();
		await swarm.statusIs('A', 'COMPLETED');
		const [lost, second, ...others] = await swarm.runs('A');
		assert.deepEqual([lost?.state, second?.state, others], ['lost', 'completed', []]);
		assert.notEqual(second?.session?.session_id, lost?.session?.session_id);
		const log = swarm.shown(second?.log_file ?? '') ?? '';
		assert.match(log, /Where it stood at its last checkpoint/u);
		assert.match(log, /the second half/u);
		assert.match(log, /\[person\] .*Mind the second half/u);
		assert.deepEqual([swarm.shown('half.txt'), swarm.shown('later.txt')], ['half\n', 'later\n']);
		await swarm.tell(false);
		assert.equal(await heir.exited, hostExitCodes.stopped);
		assert.deepEqual(swarm.leftovers(), []);
	});

	it('lets an agent whose program was killed go on in its own session, with the files it had', async () => {
		await open({
			resume: 'load',
			turn: [
				{ do: 'write', path: 'half.txt', content: 'half\n' },
				{ do: 'exit', code: 137 },
			],
			turnAfterResume: [
				{ do: 'write', path: 'rest.txt', content: 'rest\n' },
				{ do: 'say', text: 'The rest is done.' },
			],
		});
		await swarm.add('A', [], { params: {}, validation: { commands: ['cat half.txt rest.txt'] } });
		await swarm.workUntilIdle();
		assert.equal((await swarm.task('A')).status, 'COMPLETED');
		const [failed, second, ...others] = await swarm.runs('A');
		assert.deepEqual([failed?.state, second?.state, others], ['failed', 'completed', []]);
		assert.equal(second?.session?.session_id, failed?.session?.session_id);
		assert.deepEqual([swarm.shown('half.txt'), swarm.shown('rest.txt')], ['half\n', 'rest\n']);
		assert.deepEqual(swarm.leftovers(), []);
	});

	it('gives an agent nothing more once its entry asks for what it does not offer, and says what it offers', async () => {
		const modes = { currentModeId: 'a', availableModes: [{ id: 'a' }, { id: 'b' }] };
		await open({ session: { answer: { modes } } }, { mode: 'strict' });
		await swarm.add('A', [], { params: {} });
		await swarm.add('B', [], { params: {} });
		await swarm.tell(true);
		const host = await swarm.lead();
		const task = await swarm.statusIs('A', 'BLOCKED');
		assert.match(task.block_reason?.text ?? '', /offers no mode "strict"\. It offers: a, b\./u);
		assert.equal((await swarm.task('B')).status, 'READY');
		// A check that passes is as good as an edit: it works now, whatever was wrong.
		await swarm.ledger.write({ kind: 'human', id: 'ann' }, (transaction) =>
			keepAgentCheck(transaction, 'Tester', {
				at: new Date().toISOString(),
				is_usable: true,
				agent: '',
				steps: [],
				login: [],
			}),
		);
		await swarm.statusIs('B', 'BLOCKED');
		await host.stop();
	});

	it('writes no key of an agent anywhere, also when the agent says it aloud', async () => {
		const key = 'sk-planted-5f2c9a7e41';
		process.env['PLANTED_API_KEY'] = key;
		try {
			await open({
				turn: [
					{ do: 'environment', names: ['PLANTED_API_KEY'] },
					{ do: 'tool', id: '1', title: `curl -H ${key}`, kind: 'execute', output: key, status: 'completed' },
					{ do: 'ask', title: `use ${key}`, rawInput: { command: `echo ${key}` } },
					{ do: 'stderr', text: `key ${key} was refused\n` },
					{ do: 'wait', milliseconds: 300 },
					{ do: 'exit', code: 1 },
				],
			});
			swarm.settings = { ...swarm.settings, 'tasks.maxAttempts': 1 };
			await swarm.add('A', [], { params: {} });
			await swarm.workUntilIdle();
			const [run] = await swarm.runs('A');
			assert.match(run?.reason ?? '', /key \[secret\] was refused/u);
			assert.match(swarm.shown(run?.log_file ?? '') ?? '', /PLANTED_API_KEY=\[secret\]/u);
			assert.deepEqual(
				filesIn(join(swarm.folder, 'runtime')).filter((file) => readFileSync(file, 'latin1').includes(key)),
				[],
			);
			// The search finds what is there.
			assert.ok(filesIn(swarm.folder).some((file) => readFileSync(file, 'latin1').includes('was refused')));
		} finally {
			delete process.env['PLANTED_API_KEY'];
		}
	});

	it('gives an agent the keys that were handed over for it, and nobody else, neither gates nor steps', async () => {
		const key = 'planted-secret-77aa31';
		await open(
			{
				turn: [
					{ do: 'environment', names: ['MY_KEY', 'OTHER_KEY', 'DREAMOS_AGENT_KEYS'] },
					{ do: 'write', path: 'b.txt', content: 'b\n' },
				],
			},
			{ keys: ['MY_KEY'] },
		);
		await swarm.add('A', [], {
			params: {},
			validation: { commands: ['test -z "$MY_KEY" && test -z "$DREAMOS_AGENT_KEYS"'] },
		});
		await swarm.tell(true);
		process.env['DREAMOS_AGENT_KEYS'] = JSON.stringify({ MY_KEY: key, OTHER_KEY: key });
		const host = swarm.spawnHost();
		delete process.env['DREAMOS_AGENT_KEYS'];
		await swarm.statusIs('A', 'COMPLETED');
		const [run] = await swarm.runs('A');
		// Its value is hidden, which shows that it was there.
		assert.match(
			swarm.shown(run?.log_file ?? '') ?? '',
			/"MY_KEY=\[secret\]"(?:.|\n)*"OTHER_KEY="(?:.|\n)*"DREAMOS_AGENT_KEYS="/u,
		);
		await swarm.tell(false);
		assert.equal(await host.exited, hostExitCodes.stopped);
		assert.deepEqual(
			filesIn(join(swarm.folder, 'runtime')).filter((file) => readFileSync(file, 'latin1').includes(key)),
			[],
		);
	});

	it('is not drowned by one that floods it with 100 MB: others go on, and the log is capped with a note', async () => {
		await open({
			turn: [
				{ do: 'flood', megabytes: 100 },
				{ do: 'say', text: 'enough' },
			],
		});
		swarm.settings = { ...swarm.settings, 'agents.protocolLog': true };
		await swarm.ledger.write({ kind: 'human', id: 'ann' }, (transaction) =>
			transaction.putAgent(buildAgent('Builder', { driver: 'command' })),
		);
		await swarm.add('flood', [], { params: {}, assigned_agent: 'Tester' });
		await swarm.add('quick', ['echo q > q.txt'], { assigned_agent: 'Builder' });
		await swarm.workUntilIdle(55_000);
		assert.equal((await swarm.task('quick')).status, 'COMPLETED');
		const task = await swarm.task('flood');
		assert.deepEqual([task.status, task.result?.summary?.startsWith('…')], ['COMPLETED', true]);
		const [run] = await swarm.runs('flood');
		const log = swarm.shown(run?.log_file ?? '') ?? '';
		assert.ok(log.length < 12 * 1024 * 1024, `${log.length} characters`);
		assert.match(
			log.slice(-2_000),
			/The log of this run is full; \d+ updates with \d+ characters were not logged/u,
		);
		const protocol = swarm.shown(protocolLogPath(run?.run_id ?? '')) ?? '';
		assert.ok(protocol.length < 17 * 1024 * 1024, `${protocol.length} characters`);
		assert.match(protocol.slice(-200), /The log of this run is full; what follows is not in it\./u);
	});
});

/** Whether it is there with something in it: it is made before it is written. */
const statOf = (file: string): boolean => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;

function filesIn(folder: string): string[] {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name));
}
