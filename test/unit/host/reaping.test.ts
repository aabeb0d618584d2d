// Checks that what a killed host left running is ended by the next one, whether it served one run or several, and nothing else is.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostExitCodes } from '../../../src/host/exitCodes.ts';
import { markVariable } from '../../../src/node/processEnvironment.ts';
import { requireContainer } from '../../support/bubblewrap.ts';
import { scripted } from '../../support/driverJobs.ts';
import { PROCESS_MARK, endProcesses, findProcesses } from '../../support/processTree.mjs';
import type { Script } from '../../support/scriptedAcpScript.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm } from '../../support/temporarySwarm.ts';

describe('a host after one that was killed', function () {
	this.slow(20_000);
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	let mark: string;
	let decoys: string;
	afterEach(async () => {
		await swarm.dispose();
		await endProcesses(mark, undefined, 0);
		await endProcesses(decoys, undefined, 0);
	});

	/** Deaf to everything, with a child beside the process group. */
	const deaf: Script = {
		turn: [{ do: 'child', isDetached: true }, { do: 'say', text: 'at work\n' }, { do: 'hang' }],
		cancel: 'ignore',
		ignoresTerm: true,
		ignoresEnd: true,
	};
	const create = async (script: Script, containment: 'auto' | 'off' = 'off') => {
		mark = randomUUID();
		decoys = randomUUID();
		const { command, env } = scripted(script, { env: { [PROCESS_MARK]: mark } });
		const agent = (id: string, process: 'own' | 'shared') =>
			buildAgent(id, { driver: 'acp', command: [...(command ?? [])], env: { ...env }, process, containment });
		const agents = [agent('Own', 'own'), agent('First', 'shared'), agent('Second', 'shared')];
		swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' }, { agents });
	};
	const living = async () => (await findProcesses(mark, undefined)).map(({ pid }) => pid);
	const decoy = (environment: Readonly<Record<string, string>> = {}) => {
		const child = spawn(process.execPath, ['-e', 'setTimeout(() => 0, 600_000)'], {
			env: { ...process.env, ...environment, [PROCESS_MARK]: decoys },
			stdio: 'ignore',
			detached: true,
		});
		child.unref();
		return child.pid ?? 0;
	};

	it('ends its agents and what they started, though they are deaf to every signal, and no other process', async function () {
		if (process.platform !== 'linux') {
			// Elsewhere what left the tree cannot be found; that the tree ends is tested with the process runner.
			this.skip();
		}
		await create(deaf);
		for (const name of ['A', 'B', 'C']) {
			await swarm.add(name, [], { params: {} });
		}
		await swarm.tell(true);
		const killed = swarm.spawnHost();
		const open = async () => (await Promise.all(['A', 'B', 'C'].map((name) => swarm.runs(name)))).flat();
		await swarm.until(async () => {
			const runs = await open();
			// An agent of its own, one that is shared, and a child for each of three runs.
			return runs.length === 3 && runs.every(({ pid }) => pid !== null) && (await living()).length === 5;
		}, 'all are at work');
		const runs = await open();
		const byAgent = new Map(runs.map((run) => [run.worker, run]));
		assert.equal(byAgent.get('First')?.pid, byAgent.get('Second')?.pid);
		assert.notEqual(byAgent.get('Own')?.pid, byAgent.get('First')?.pid);

		killed.child.kill('SIGKILL');
		assert.equal(await killed.exited, 'SIGKILL');
		const left = await living();
		assert.equal(left.length, 5);

		// The system gave the number of an agent that ended to somebody else: it is recorded with the start of the agent.
		const own = byAgent.get('Own');
		assert.ok(own !== undefined);
		const recycled = decoy();
		await swarm.ledger.write({ kind: 'host', id: 'host-of-the-test' }, (transaction) =>
			transaction.updateRun({ run_id: own.run_id, epoch: own.epoch }, { pid: recycled }),
		);
		// The agents of another workspace carry marks, too.
		const neighbour = decoy({ [markVariable]: 'run-of-another:agents-%2Felsewhere' });

		const heir = swarm.spawnHost();
		await swarm.until(
			async () => (await swarm.events()).filter(({ type }) => type === 'run.recovered').length === 3,
			'all runs are recovered',
		);
		await swarm.tell(false);
		assert.equal(await heir.exited, hostExitCodes.stopped);
		assert.deepEqual(await living(), []);
		const others = (await findProcesses(decoys, undefined)).map(({ pid }) => pid);
		assert.deepEqual(new Set(others), new Set([recycled, neighbour]));
		assert.deepEqual(new Set((await open()).map(({ pid }) => pid)), new Set([null]));
	});

	it('ends contained agents and what they started', async function () {
		await requireContainer(this);
		await create(deaf, 'auto');
		await swarm.add('A', [], { params: {} });
		await swarm.tell(true);
		const killed = swarm.spawnHost();
		const session = async () => (await swarm.runs('A'))[0]?.session ?? null;
		// What contains it, itself, and its child.
		await swarm.until(async () => (await session()) !== null && (await living()).length >= 3, 'it works');
		killed.child.kill('SIGKILL');
		await killed.exited;
		const heir = swarm.spawnHost();
		const recovered = async () => (await swarm.events()).some(({ type }) => type === 'run.recovered');
		await swarm.until(recovered, 'its run is recovered');
		await swarm.tell(false);
		assert.equal(await heir.exited, hostExitCodes.stopped);
		assert.deepEqual(await living(), []);
	});

	it('ends a shared process that waited for another run when the host was killed', async function () {
		if (process.platform !== 'linux') {
			this.skip();
		}
		await create({ ignoresTerm: true, ignoresEnd: true });
		await swarm.ledger.write({ kind: 'human', id: 'ann' }, async (transaction) => {
			await transaction.removeAgent('Own');
		});
		await swarm.add('A', [], { params: {}, description: 'WRITE b.txt: b' });
		await swarm.tell(true);
		const killed = swarm.spawnHost();
		await swarm.statusIs('A', 'COMPLETED');
		killed.child.kill('SIGKILL');
		await killed.exited;
		const left = await living();
		assert.equal(left.length, 1, 'it waits for another run');
		assert.match(readFileSync(`/proc/${left[0]}/environ`, 'utf8'), /DREAMOS_PROCESS_MARK=agents-/u);

		const heir = swarm.spawnHost();
		await swarm.until(async () => (await living()).length === 0, 'it is ended');
		await swarm.tell(false);
		assert.equal(await heir.exited, hostExitCodes.stopped);
	});
});
