// Checks that the messages of an agent's protocol are recorded where a person asked for it and nowhere else, without its keys, and that
// the log of a run is printed by the program.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { protocolLogPath } from '../../../src/core/run/runLogPath.ts';
import { scripted } from '../../support/driverJobs.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm } from '../../support/temporarySwarm.ts';

interface Recorded {
	readonly direction: string;
	readonly message: {
		readonly method?: string;
		readonly params?: { readonly update?: { readonly content?: { readonly text?: string } } };
	};
}

const key = 'sk-very-secret-0123456789';

describe('Protocol log of a run', () => {
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	afterEach(() => swarm.dispose());

	const work = async (isRecorded: boolean) => {
		const { command, env } = scripted({
			turn: [
				{ do: 'environment', names: ['FAKE_API_KEY'] },
				{ do: 'say', text: `My key is ${key}, in pieces.\n`, pieces: 12 },
				{ do: 'plan', entries: [{ content: 'Write it', status: 'in_progress' }] },
				{ do: 'write', path: 'b.txt', content: 'b\n' },
			],
		});
		const agent = buildAgent('Agent-1', {
			driver: 'acp',
			command: [...(command ?? [])],
			env: { ...env, FAKE_API_KEY: key },
		});
		swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'a\n' }, { agents: [agent] });
		swarm.settings = { ...swarm.settings, 'agents.protocolLog': isRecorded };
		await swarm.add('T-1', []);
		await swarm.tell(true);
		const host = await swarm.lead();
		await swarm.statusIs('T-1', 'COMPLETED');
		await host.stop();
		const [run] = await swarm.runs('T-1');
		return run?.run_id ?? '';
	};
	const print = (...words: string[]) =>
		spawnSync(
			process.execPath,
			[join(import.meta.dirname, '../../../src/cli.ts'), 'run', 'log', ...words, '--workspace', swarm.folder],
			{ encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: undefined } },
		);

	it('holds both directions and no key, and is printed', async () => {
		const runId = await work(true);
		const text = swarm.shown(protocolLogPath(runId)) ?? '';
		const lines = text
			.trimEnd()
			.split('\n')
			.map((line) => JSON.parse(line) as Recorded);
		assert.deepEqual([lines[0]?.direction, lines[0]?.message.method], ['sent', 'initialize']);
		assert.ok(
			lines.some(({ direction, message }) => direction === 'received' && message.method === 'session/update'),
		);
		assert.equal(text.includes(key), false);
		const said = lines.flatMap(({ message }) => message.params?.update?.content?.text ?? []).join('');
		assert.equal(said.includes(key), false, 'nor is it when the pieces of a message are read together');
		assert.match(said, /FAKE_API_KEY=\[secret\][^]*My key is \[secret\], in pieces/u);
		const raw = print(runId, '--raw');
		assert.equal(raw.status, 0, raw.stderr);
		assert.match(raw.stdout, /"direction":"sent"/u);
		const plain = print(runId, '--follow');
		assert.equal(plain.status, 0, plain.stderr);
		assert.match(plain.stdout, /☐ \[>\] Write it/u);
	});

	it('is not there unless a person asked for it, and that is said', async () => {
		const runId = await work(false);
		assert.equal(swarm.shown(protocolLogPath(runId)), undefined);
		const raw = print(runId, '--raw');
		assert.notEqual(raw.status, 0);
		assert.match(raw.stderr, /Turn dreamos\.agents\.protocolLog on/u);
	});
});
