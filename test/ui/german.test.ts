// Owns the proof that a German editor shows a German Dream.OS: titles, welcome, questions, notifications, rows and pages; and that
// what is stored stays English.

import { strict as assert } from 'node:assert';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { prepareRepository, readBoard, writeReadyQueue } from './workspaces.ts';

describe('a German editor', () => {
	const session = useSession({ prepare: prepareRepository(), locale: 'de' });
	const page = () => session.workbench.page;

	it('has German commands and a German welcome', async () => {
		const { workbench } = session;
		await workbench.openContainer('Dream.OS');
		await page().getByText('Dieser Ordner hat noch keine Boards.').waitFor();
		await page().getByText('Arbeitsbereich einrichten').first().waitFor();
		const titles = await workbench.quickInput.commands('Aufgabe erstellen');
		assert.ok(titles.includes('Dream.OS: Aufgabe erstellen'), titles.join('\n'));
		await workbench.screenshot('german welcome');
	});

	it('tells in German what was done, and what cannot be', async () => {
		const { workbench, folder } = session;
		await workbench.quickInput.runCommand('Dream.OS: Arbeitsbereich einrichten');
		await workbench.messages.untilToast('Die Boards sind bereit');
		await workbench.quickInput.runCommand('Dream.OS: Frage beantworten');
		await workbench.messages.untilToast('Kein Agent wartet auf eine Antwort.');
		await writeReadyQueue(folder, [{ task_id: 'G-1', name: 'Fegen', run: ['true'] }]);
		await workbench.tree('Aufgaben').untilDrawn(/Bereit \[1\]/u);
		await workbench.screenshot('german tasks');
	});

	it('asks in German, and stores the names every program knows', async () => {
		const { workbench, folder } = session;
		await workbench.quickInput.runCommand('Dream.OS: Aufgabe blockieren');
		await workbench.quickInput.pick('Fegen');
		await until('the question why', async () => (await workbench.quickInput.question()).includes('Was fehlt?'));
		await workbench.quickInput.escape();
		const [task] = await readBoard(folder, 'Ready');
		assert.equal(task?.status, 'READY');
	});

	it('has a German dashboard', async () => {
		const { workbench } = session;
		await workbench.quickInput.runCommand('Dream.OS: Dashboard öffnen');
		const dashboard = await workbench.editors.webviewFrame('main#page vscode-tabs');
		await dashboard.getByRole('tab', { name: 'Übersicht' }).waitFor();
		assert.equal(await dashboard.evaluate(() => document.documentElement.lang), 'de');
		await workbench.screenshot('german dashboard');
	});
});
