// Checks the host as a process of its own: killed in the middle of a run, two at once, stopped by signal, stdin and ledger.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtimePaths } from '../../../src/core/paths.ts';
import { leaseNames } from '../../../src/core/swarmFacts.ts';
import { hostExitCodes } from '../../../src/host/exitCodes.ts';
import { scriptedAgent } from '../../support/driverJobs.ts';
import { killAllWith, processesWith } from '../../support/livingProcesses.ts';
import type { Script } from '../../support/scriptedAcpScript.ts';
import { scriptVariable } from '../../support/scriptedAcpScript.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { setUpFact } from '../../../src/core/workspace/setUp.ts';
import { TemporarySwarm, person } from '../../support/temporarySwarm.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';

/** Not contained: a system that contains an agent ends all of its processes with the host, and leaves nothing to find. */
const loose = buildAgent('Agent-1', { containment: 'off' });

describe('the host process', () => {
	const folders = useTemporaryFolders();
	const mark = `sleep 72.${process.pid}`;
	let swarm: TemporarySwarm;
	beforeEach(async () => {
		swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' }, { agents: [loose] });
		// A host of its own takes a ledger that was never set up for one that was lost, and brings the seed agents back.
		await swarm.ledger.write(person, (transaction) =>
			transaction.setFact(setUpFact, { how: 'initialized', at: transaction.at }),
		);
	});
	afterEach(async () => {
		await swarm.dispose();
		killAllWith(mark);
	});
	const said = () =>
		existsSync(join(swarm.folder, runtimePaths.hostLog))
			? readFileSync(join(swarm.folder, runtimePaths.hostLog), 'utf8')
			: '';
	const busy = () => swarm.until(() => processesWith(mark).length > 0, `the step runs\n${said()}`);

	it('works, and a task is finished by a later attempt when it is killed in the middle of a run', async () => {
		// The first attempt hangs with a child that ignores polite signals and one that left its group; a later one does not.
		const go = join(swarm.folder, 'runtime', 'go');
		await swarm.add('first', ['echo 1 > first.txt']);
		await swarm.add(
			'A',
			[
				'echo "attempt $DREAMOS_ATTEMPT" > a.txt',
				`test -e ${go} || { (trap '' TERM; setsid ${mark} & ${mark} & wait); }`,
			],
			{
				dependencies: ['first'],
				validation: { commands: ['grep attempt a.txt'] },
			},
		);
		await swarm.tell(true);
		const killed = swarm.spawnHost();
		const before = await swarm.leader();
		assert.deepEqual([before.data['pid'], before.data['started_from']], [killed.child.pid, 'terminal']);
		await busy();
		await swarm.until(async () => (await swarm.runs('A'))[0]?.pid !== null, 'the process is recorded');
		const acknowledged = await swarm.events();
		killed.child.kill('SIGKILL');
		assert.equal(await killed.exited, 'SIGKILL');
		assert.ok(processesWith(mark).length > 0, 'its work still runs');
		writeFileSync(go, '');

		const heir = swarm.spawnHost();
		await swarm.until(
			async () =>
				(await swarm.ledger.read((reader) => reader.lease(leaseNames.host)))?.data['pid'] === heir.child.pid,
			'the heir leads',
		);
		await swarm.until(async () => (await swarm.runs('A'))[0]?.state === 'lost', `the run is recovered\n${said()}`);
		const task = await swarm.statusIs('A', 'COMPLETED');
		assert.deepEqual([task.attempts, swarm.shown('a.txt'), swarm.shown('first.txt')], [2, 'attempt 2\n', '1\n']);
		assert.deepEqual(processesWith(mark), []);
		const events = await swarm.events();
		assert.deepEqual(events.slice(0, acknowledged.length), acknowledged, 'nothing acknowledged is lost');
		assert.ok(events.some(({ type, task_id: id }) => type === 'run.recovered' && id === 'A'));
		await swarm.tell(false);
		assert.equal(await heir.exited, hostExitCodes.stopped, said());
		assert.deepEqual(swarm.leftovers(), []);
	});

	it('works alone: of two at once one waits, and takes over when the other is killed', async () => {
		await swarm.tell(true);
		const hosts = [swarm.spawnHost(), swarm.spawnHost()];
		const lease = await swarm.leader();
		for (let index = 0; index < 6; index += 1) {
			await swarm.add(`T${index}`, [`echo ${index} >> out-${index}.txt`]);
		}
		for (let index = 0; index < 6; index += 1) {
			await swarm.statusIs(`T${index}`, 'COMPLETED');
			assert.equal(swarm.shown(`out-${index}.txt`), `${index}\n`);
		}
		const opened = (await swarm.events()).filter(({ type }) => type === 'run.opened');
		assert.equal(opened.length, 6);
		assert.equal(new Set(opened.map(({ actor }) => actor)).size, 1);
		const leading = hosts.find(({ child }) => child.pid === lease.data['pid']);
		const waiting = hosts.find((host) => host !== leading);
		assert.ok(leading !== undefined && waiting !== undefined);
		leading.child.kill('SIGKILL');
		await leading.exited;
		await swarm.until(
			async () =>
				(await swarm.ledger.read((reader) => reader.lease(leaseNames.host)))?.data['pid'] === waiting.child.pid,
			'the other leads',
		);
		await swarm.add('last', ['echo last > last.txt']);
		await swarm.statusIs('last', 'COMPLETED');
		await swarm.tell(false);
		assert.equal(await waiting.exited, hostExitCodes.stopped);
	});

	it('ends with its starter when it belongs to one, and gives its tasks back', async () => {
		await swarm.add('A', [mark]);
		await swarm.tell(true);
		const host = swarm.spawnHost('--parent-stdin');
		await busy();
		host.child.stdin?.end();
		assert.equal(await host.exited, hostExitCodes.stopped, said());
		assert.deepEqual(processesWith(mark), []);
		assert.equal((await swarm.task('A')).status, 'READY');
		assert.match(said(), /Stopped: the program that began it ended\./u);
	});

	it('ends in order on a signal, with a child that ignores it', async () => {
		await swarm.add('A', [`trap '' TERM; ${mark} & ${mark} & wait`]);
		await swarm.tell(true);
		const host = swarm.spawnHost();
		await busy();
		host.child.kill('SIGTERM');
		assert.equal(await host.exited, hostExitCodes.stopped, said());
		assert.deepEqual(processesWith(mark), []);
		assert.equal((await swarm.runs('A'))[0]?.state, 'released');
		assert.equal(await swarm.ledger.read((reader) => reader.lease(leaseNames.host)), undefined);
	});

	it('serves the tools of its agents, and keeps their secret out of its log', async () => {
		const script: Script = {
			initialize: { answer: { agentCapabilities: { mcpCapabilities: { http: true } } } },
			turn: [
				{ do: 'sayServers' },
				{ do: 'write', path: 'a.txt', content: 'agent\n' },
				{ do: 'tools', calls: [{ tool: 'run_finish', input: { summary: 'It says agent now.' } }] },
			],
		};
		const env = { [scriptVariable]: JSON.stringify(script) };
		const agent = buildAgent('Agent-1', { driver: 'acp', command: [...scriptedAgent], env });
		await swarm.ledger.write(person, (transaction) => transaction.putAgent(agent));
		await swarm.add('A', []);
		await swarm.tell(true);
		swarm.spawnHost();
		const task = await swarm.statusIs('A', 'COMPLETED');
		assert.deepEqual([task.result?.summary, swarm.shown('a.txt')], ['It says agent now.', 'agent\n']);
		const log = readFileSync(join(swarm.folder, (await swarm.runs('A'))[0]?.log_file ?? ''), 'utf8');
		assert.match(log, /Bearer \[token\]/u);
		assert.doesNotMatch(log + said(), /Bearer [\w-]{20,}/u);
	});

	it('does not stay when nobody wants it: leading or waiting', async () => {
		const unwanted = swarm.spawnHost();
		assert.equal(await unwanted.exited, hostExitCodes.stopped, unwanted.errors());
		await swarm.tell(true);
		swarm.spawnHost();
		await swarm.leader();
		const waiting = swarm.spawnHost();
		await swarm.until(() => /leads; waiting\./u.test(said()), 'the second waits');
		await swarm.tell(false);
		assert.equal(await waiting.exited, hostExitCodes.stopped);
	});

	it('ends at once when the ledger is taken away under it', async () => {
		await swarm.add('A', [mark]);
		await swarm.tell(true);
		const host = swarm.spawnHost();
		await busy();
		rmSync(join(swarm.folder, 'runtime'), { recursive: true, maxRetries: 5 });
		assert.equal(await host.exited, hostExitCodes.leaseLost);
		assert.deepEqual(processesWith(mark), []);
	});

	it('says why it cannot start: wrong arguments, a folder that is none of ours', async () => {
		const nowhere = folders.make();
		const empty = swarm.spawnHost('--workspace', nowhere);
		assert.equal(await empty.exited, hostExitCodes.failed);
		assert.match(empty.errors(), /is not set up for Dream\.OS/u);
		assert.deepEqual(readdirSync(nowhere), [], 'not even a log is written there');
		const wrong = swarm.spawnHost('--no-such-flag');
		assert.equal(await wrong.exited, hostExitCodes.usage);
		assert.match(wrong.errors(), /no-such-flag/u);
	});
});
