// Checks that changes that wait for review are tried while nobody looks: who reviews sees at once what does not go together any more.

import assert from 'node:assert/strict';
import { PersonDesk } from '../../support/personDesk.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

describe('changes that wait for review', () => {
	const folders = useTemporaryFolders();
	let desk: PersonDesk;
	afterEach(() => desk.close());

	it('are tried again when another one lands or is taken back, and say what they would conflict with', async () => {
		desk = await PersonDesk.open(folders.make());
		const { swarm } = desk;
		swarm.settings = { ...swarm.settings, 'landing.mode': 'review' };
		await swarm.ledger.write({ kind: 'human', id: 'ann' }, (transaction) =>
			transaction.putAgent(buildAgent('Agent-2')),
		);
		const edit = (line: string, text: string) => [`sed -i.x 's/^${line}$/${text}/' a.txt && rm a.txt.x`];
		await swarm.add('first', edit('one', 'from first'));
		await swarm.add('same', edit('one', 'from same'));
		await swarm.add('apart', edit('three', 'from apart'));
		await swarm.tell(true);
		await swarm.lead();
		for (const id of ['first', 'same', 'apart']) {
			await swarm.statusIs(id, 'REVIEW');
		}
		const run = async (id: string) => {
			const [newest] = (await swarm.runs(id)).toReversed();
			assert.ok(newest !== undefined);
			return newest;
		};
		assert.equal((await run('same')).reason, null);

		await desk.perform('run.accept', { run_id: (await run('first')).run_id });
		await swarm.statusIs('first', 'COMPLETED');
		await swarm.until(async () => (await run('same')).reason !== null, 'the conflict is seen');
		assert.match((await run('same')).reason ?? '', /would conflict with what is there now: a\.txt .*line 1/u);
		assert.equal((await run('apart')).reason, null);
		assert.equal((await swarm.task('same')).status, 'REVIEW');

		await desk.perform('task.revert', { task_id: 'first' });
		await swarm.until(async () => (await run('same')).reason === null, 'it is seen that it fits again');
		const tried = (await swarm.events('same')).filter(({ type }) => type === 'run.tried');
		assert.deepEqual(
			tried.map(({ data }) => data?.['files']),
			[['a.txt'], []],
		);
		assert.match(tried[1]?.message ?? '', /it fits what is there now/u);
	});
});
