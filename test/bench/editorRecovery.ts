// Measures how long a task stands still when the host of an editor window is killed: the same as hostRecovery.ts, with the packed
// extension in a served VS Code as the keeper. The swarm is started from the palette; nothing is helped along afterwards.

import { join } from 'node:path';
import { defineBenchmark } from './benchmark.ts';
import { openEditorWindow, runCommands } from './editorWindow.ts';
import { recoveryTime } from './hostRecovery.ts';
import { putAgents } from './measuredHost.ts';
import { openBenchWorkspace, ledgerOf, seedWorkspace } from './seededWorkspace.ts';
import { readSwarmFact } from '../../src/core/swarmFacts.ts';
import { median, spread } from './statistics.ts';

const rounds = 3;

export const editorRecovery = defineBenchmark({
	figures: {
		'host.recoveryInEditor': {
			title: "SIGKILL of an editor window's host → the task is worked on again, median",
			unit: 'ms',
			limit: { atMost: 5000 },
		},
	},
	async measure(context) {
		const place = join(context.folder, 'workspace');
		await seedWorkspace(place, { prepare: (transaction) => putAgents(transaction, 4) });
		const workspace = await openBenchWorkspace(place, 'nothing');
		context.onEnd(() => workspace.close());
		const { workbench } = await openEditorWindow(context, place);
		await workbench.openContainer('Dream.OS');
		await workbench.tree('Tasks').setExpanded('Backlog', false);
		await runCommands(workbench, ['Dream.OS: Start Swarm'], async () => {
			const fact = await ledgerOf(workspace).read(readSwarmFact);
			return fact?.should_run === true;
		});
		const times: number[] = [];
		for (let round = 0; round < rounds; round += 1) {
			times.push(await recoveryTime(workspace, context.folder, `recover-${round}`));
		}
		return { 'host.recoveryInEditor': { value: median(times), notes: [`rounds ${spread(times, 0)} ms`] } };
	},
});
