// Checks what becomes of text a person did not save while an agent, which sees the disk only, changes the same file.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LandingTarget } from '../../../src/core/landing/landingTarget.ts';
import { createFileLandingTarget } from '../../../src/node/fileLandingTarget.ts';
import { scriptedAgent } from '../../support/driverJobs.ts';
import type { Script } from '../../support/scriptedAcpScript.ts';
import { scriptVariable } from '../../support/scriptedAcpScript.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm } from '../../support/temporarySwarm.ts';

describe('text that is not saved', () => {
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	afterEach(() => swarm.dispose());

	it('trap 3: is not seen by the agent, and its change of the saved text is merged into it, unsaved as before', async () => {
		const script: Script = {
			turn: [
				{ do: 'clientRead', path: 'a.txt' },
				{ do: 'write', path: 'a.txt', content: 'ONE\ntwo\nalpha\n' },
				{ do: 'say', text: 'Done.' },
			],
		};
		const agent = buildAgent('Agent-1', {
			driver: 'acp',
			command: [...scriptedAgent],
			env: { [scriptVariable]: JSON.stringify(script) },
		});
		swarm = await TemporarySwarm.create(folders.make(), { 'a.txt': 'one\ntwo\nalpha\n' }, { agents: [agent] });
		const files = createFileLandingTarget({
			topFolder: swarm.folder,
			stagingFolder: join(folders.make(), 'staging'),
		});
		let unsaved = 'one\ntwo\nbeta\n';
		const editor: LandingTarget = {
			read: async (path) =>
				path === 'a.txt'
					? { kind: 'file', content: Buffer.from(unsaved), isExecutable: false, isDirty: true }
					: await files.read(path),
			async apply(operations) {
				assert.deepEqual(
					operations.map(({ path }) => path),
					['a.txt'],
				);
				unsaved = Buffer.from(operations[0]?.content ?? []).toString();
			},
		};
		await swarm.add('A', [], { params: {} });
		await swarm.tell(true);
		await swarm.lead({ landingTarget: editor });
		await swarm.statusIs('A', 'COMPLETED');
		const [run] = await swarm.runs('A');
		const log = readFileSync(join(swarm.folder, run?.log_file ?? ''), 'utf8');
		assert.match(log, /"text":"alpha"/u);
		assert.doesNotMatch(log, /beta/u);
		assert.equal(unsaved, 'ONE\ntwo\nbeta\n');
		assert.equal(swarm.shown('a.txt'), 'one\ntwo\nalpha\n');
	});
});
