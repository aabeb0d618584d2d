// Owns the death of the extension host in the middle of a landing through the editor: what the person had not committed, saved or not,
// is there before, in between and after; the landing is found again and done once.
import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listTree } from '../support/landingOracle.ts';
import { runGit } from '../support/temporaryRepository.ts';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { initializeByPalette, prepareRepository, readBoard, writeReadyQueue } from './workspaces.ts';

const PATIENCE = 60_000;
const COUNT = 100;

const ten = Array.from({ length: 10 }, (_, index) => `line ${index}\n`).join('');
const nameOf = (index: number) => `src/file-${String(index).padStart(3, '0')}.txt`;
const names = Array.from({ length: COUNT }, (_, index) => nameOf(index));
/** Files with work of the person that is nowhere else, at both ends and in the middle. */
const edited = [0, 1, 30, 75, COUNT - 1].map(nameOf);
const unsaved = nameOf(60);
/** Each round another line: what is not saved is not on the disk, where the next agent begins. */
const lineOf = (round: number) => `line ${round * 2}`;
const agentDid = (text: string, rounds: number) =>
	Array.from({ length: rounds + 1 }, (_, round) => lineOf(round)).reduce(
		(result, line) => result.replace(line, `agent's ${line}`),
		text,
	);
const personDid = (text: string) => text.replace('line 8', 'person 8');
const typed = 'typed and not saved ';

describe('the extension host dies while it lands', function () {
	this.timeout(300_000);
	const session = useSession({
		prepare: prepareRepository(Object.fromEntries(names.map((name) => [name, ten]))),
		settings: { 'dreamos.landing.mode': 'review' },
	});
	const tasks = () => session.workbench.tree('Tasks');
	const read = (name: string) => readFileSync(join(session.folder, name), 'utf8');
	const gitOfPerson = () => [
		readFileSync(join(session.folder, '.git/HEAD'), 'utf8'),
		runGit(session.folder, '--no-optional-locks', 'ls-files', '--stage'),
		runGit(session.folder, 'for-each-ref', 'refs/heads', 'refs/tags', 'refs/stash'),
	];
	const extensionHost = async () =>
		(await session.editor.processes()).find(({ command }) => command.includes('--type=extensionHost'))?.pid;
	/** Everything of the person that is nowhere else, wherever the landing is. */
	const assertPersons = (moment: string) => {
		for (const name of edited) {
			assert.match(read(name), /^person 8$/mu, `${moment}: ${name}`);
		}
		assert.equal(read('mine.txt'), 'never committed\n', moment);
	};

	it('begins with work of a person that is not committed, some of it not saved', async () => {
		const { workbench, folder } = session;
		await initializeByPalette(workbench);
		writeFileSync(join(folder, 'mine.txt'), 'never committed\n');
		for (const name of edited) {
			writeFileSync(join(folder, name), personDid(ten));
		}
		await workbench.editors.open(unsaved);
		await workbench.editors.type(typed, 'end');
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
	});

	for (const [round, after] of [1, COUNT / 2].entries()) {
		it(`killed after ${after} of ${COUNT} files, it is landed once all the same`, async () => {
			const { workbench, folder } = session;
			const id = `L-${round}`;
			const before = gitOfPerson();
			await writeReadyQueue(folder, [
				{
					task_id: id,
					name: `Change everything ${id}`,
					run: [
						`sed -i "s/^${lineOf(round)}$/agent's ${lineOf(round)}/" src/*.txt`,
						`mkdir -p new && for each in 1 2 3 4 5; do echo ${id} > new/${id}-$each.txt; done`,
					],
				},
			]);
			await tasks().untilDrawn(new RegExp(`\\[${id} · to review`, 'u'), PATIENCE);
			await workbench.messages.dismissToasts();
			const pid = await until('the extension host', extensionHost);
			await workbench.quickInput.runCommand('Dream.OS: Accept Change');
			await workbench.quickInput.pick(`Change everything ${id}`);
			const landed = () => names.filter((name) => read(name).includes(`agent's ${lineOf(round)}\n`)).length;
			let atDeath = 0;
			await until(
				'the landing to be in the middle',
				async () => (atDeath = landed()) >= after,
				() => `${landed()} files`,
				PATIENCE,
			);
			process.kill(pid, 'SIGKILL');
			assert.ok(atDeath < names.length, 'it was through already');
			assertPersons(`when killed at ${atDeath}`);
			await until(
				'the board to say it is done',
				async () => {
					assertPersons('while it is found again');
					return (await readBoard(folder, 'Completed')).some(({ task_id }) => task_id === id);
				},
				() => `${landed()} files`,
				PATIENCE,
			);
			const expected = (name: string) => agentDid(edited.includes(name) ? personDid(ten) : ten, round);
			// What is open and not saved is the person's to save; so is one that the death left between its edit and its save.
			const late = names.filter((name) => name !== unsaved && read(name) !== expected(name));
			assert.ok(late.length <= 1, late.join(', '));
			for (const name of late) {
				await workbench.editors.openTab(name.slice('src/'.length));
				await workbench.quickInput.runCommand('File: Save');
				await until(
					`${name} to be right`,
					async () => read(name) === expected(name),
					() => read(name),
				);
			}
			assert.deepEqual(
				Object.keys(listTree(join(folder, 'new'))).filter((name) => name.startsWith(id)).length,
				5,
			);
			assert.deepEqual(gitOfPerson(), before, 'HEAD, index and branches are the person’s');
			const history = readFileSync(
				join(folder, 'runtime/agent_comms/project_boards/completed_tasks.json'),
				'utf8',
			);
			assert.equal(history.split(`"${id}"`).length - 1, 1);
			await workbench.editors.openTab(unsaved.split('/').at(-1) ?? '');
			assert.match(await workbench.editors.text(), new RegExp(typed, 'u'), 'what was typed is still there');
			await workbench.screenshot(`landing-killed-${round}`);
			await workbench.reload();
			await workbench.openContainer('Dream.OS');
			await workbench.editors.openTab(unsaved.split('/').at(-1) ?? '');
			await until(
				'what was typed, after the reload',
				async () => (await workbench.editors.text()).includes(typed),
				() => workbench.editors.text(),
			);
			await until('another extension host', async () => {
				const other = await extensionHost();
				return other !== undefined && other !== pid;
			});
		});
	}
});
