// Owns questions of agents as a person sees them: a notification with the answers, a row and a badge that wait, the palette, and a
// rule that is there to be read once an answer was remembered.
import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scripted } from '../support/driverJobs.ts';
import type { Step } from '../support/scriptedAcpScript.ts';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { initializeByPalette, prepareRepository, untilOnBoard, writeReadyQueue } from './workspaces.ts';

const PATIENCE = 60_000;

const asking = (title: string): Step => ({
	do: 'ask',
	title,
	kind: 'execute',
	options: ['allow_always', 'allow_once', 'reject_once'],
	allowed: [{ do: 'write', path: `${title.replaceAll(' ', '-')}.txt`, content: 'allowed\n' }],
});

describe('questions of agents', () => {
	const session = useSession({
		prepare: prepareRepository({ '.dreamos/policies.yaml': 'rules:\n  - decision: ask\n    kind: execute\n' }),
	});
	const agents = () => session.workbench.tree('Agents');
	const textOf = (name: string) => readFileSync(join(session.folder, name), 'utf8');

	it('are put to the person, and wait on their row meanwhile', async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		const { command, env } = scripted({ turn: [asking('npm test'), asking('npm start')] });
		const agent = { id: 'Asker', driver: 'acp', command, env };
		writeFileSync(join(folder, 'runtime/agents.json'), JSON.stringify([agent], undefined, 2));
		await agents().untilDrawn(/Asker/u);
		await writeReadyQueue(folder, [{ task_id: 'Q-1', name: 'Try it', run: [] }]);
		await workbench.tree('Tasks').untilDrawn(/Ready \[1\]/u);
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		await agents().untilDrawn(/Asker \[asks you · Try it/u, PATIENCE);
		const { buttons } = await workbench.messages.untilToast('Asker asks: npm test ("Try it")');
		assert.deepEqual(buttons.slice(0, 3), ['Allow Once', 'Allow Always', 'Deny']);
		await until('the status bar to say so', async () =>
			(await workbench.statusBar()).some((text) => text.includes('1 question')),
		);
		await workbench.screenshot('question');
	});

	it('are answered by the notification, and remembered as a rule', async () => {
		const { workbench } = session;
		await workbench.messages.pressToastButton('Asker asks: npm test', 'Allow Always');
		await workbench.messages.untilToast('Asker asks: npm start ("Try it")', PATIENCE);
		assert.match(
			textOf('.dreamos/policies.yaml'),
			/rules:\n {2}# human:.* asked by Asker .*\n {2}- decision: allow\n {4}kind: execute\n {4}command: npm test\n/u,
		);
		await workbench.quickInput.runCommand('Dream.OS: Open Permission Rules');
		await workbench.page.locator('.tab.active', { hasText: 'policies.yaml' }).waitFor();
	});

	it('are answered by the palette, after which the agent goes on', async () => {
		const { workbench, folder } = session;
		await workbench.quickInput.runCommand('Dream.OS: Answer Question');
		await workbench.quickInput.pick('Deny');
		await agents().untilDrawn((drawing) => !/asks you/u.test(drawing), PATIENCE);
		await untilOnBoard(folder, 'Completed', ['Q-1'], PATIENCE);
		assert.equal(textOf('npm-test.txt'), 'allowed\n');
		assert.throws(() => textOf('npm-start.txt'));
		await workbench.messages.pressToastButton('Asker asks: npm start', 'Allow Once');
		await workbench.messages.untilToast(/was answered before: human:.* chose deny/u);
	});

	it('tell a mistake in the rules on its line', async () => {
		const { workbench, folder } = session;
		const rules = textOf('.dreamos/policies.yaml');
		writeFileSync(join(folder, '.dreamos/policies.yaml'), `${rules}  - decision: deny\n    comand: rm *\n`);
		const line = rules.split('\n').length + 1;
		await until(
			'the mistake in the Problems panel',
			async () => {
				const problems = (await workbench.editors.problems()).join('\n');
				return problems.includes('policies.yaml') && problems.includes(`[Ln ${line}, `);
			},
			async () => (await workbench.editors.problems()).join('\n'),
		);
	});
});
