// Checks what `dreamos stats` answers after real work of a real swarm: an attempt that fails, one that mends it, a person who helps.

import assert from 'node:assert/strict';
import type { ActionContext } from '../../../src/core/actions/action.ts';
import { findAction } from '../../../src/core/actions/catalogue.ts';
import { systemClock } from '../../../src/node/systemClock.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm, person } from '../../support/temporarySwarm.ts';

describe('the figures of a swarm', () => {
	const folders = useTemporaryFolders();

	it('tell what was done, what it mended by itself, and what needed a person', async () => {
		const swarm = await TemporarySwarm.create(
			folders.make(),
			{ 'a.txt': 'a\n' },
			{ agents: [buildAgent('Agent-1')] },
		);
		try {
			const tried = `${swarm.folder}/../tried`;
			await swarm.add('Easy', ['echo easy > easy.txt']);
			await swarm.add('Mended', ['echo mended > mended.txt'], {
				validation: { commands: [`test -e ${tried} || { touch ${tried}; exit 1; }`] },
			});
			await swarm.add('Hopeless', ['echo no > no.txt'], { validation: { commands: ['false'] }, max_attempts: 1 });
			await swarm.workUntilIdle();
			await swarm.ledger.write(person, (transaction) =>
				transaction.append({ type: 'run.messaged', task_id: 'Easy', message: 'a person said something' }),
			);
			const action = findAction('swarm.stats');
			assert.ok(action !== undefined);
			const context = { actor: person, ledger: swarm.ledger, clock: systemClock } as unknown as ActionContext;
			const stats = (await action.run(context, { days: 1 })) as Record<string, unknown>;
			assert.deepEqual([stats['completed'], stats['failed'], stats['interventions']], [2, 1, 1]);
			assert.deepEqual(stats['recovered'], { share: 0.5, tasks: 1, of: 2, others: ['Hopeless'] });
			// Who spoke after the end did not help.
			assert.deepEqual(stats['without_a_person'], { share: 1, tasks: 2, of: 2, others: [] });
			assert.deepEqual(
				[stats['restarts'], stats['drift']].map((each) => (each as { count: number }).count),
				[0, 0],
			);
			assert.ok(Number(stats['at_work_seconds']) >= Number(stats['longest_alone_seconds']));
		} finally {
			await swarm.dispose();
		}
	});
});
