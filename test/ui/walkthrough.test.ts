// Owns the first five minutes of somebody who has nothing yet: from the walkthrough in an empty window to landed changes.
import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../support/workbench/until.ts';
import { useSession } from './session.ts';
import { untilOnBoard } from './workspaces.ts';

describe('the walkthrough', () => {
	const session = useSession({ prepare: undefined });
	const parent = realpathSync(mkdtempSync(join(tmpdir(), 'dreamos-walk-')));
	const sample = join(parent, 'dreamos-sample');
	after(() => rmSync(parent, { recursive: true, force: true, maxRetries: 5 }));

	it('shows its steps with pictures, and makes the sample', async () => {
		const { page, quickInput } = session.workbench;
		await quickInput.runCommand('Welcome: Open Walkthrough...');
		await quickInput.pick('Get Started with Dream.OS');
		const steps = page.locator('.gettingStartedDetailsContent .getting-started-step');
		await until('the steps', async () => (await steps.count()) === 5);
		const picture = page.locator('.gettingStartedDetailsContent .getting-started-media img');
		await until('the picture', () =>
			picture.first().evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth > 500),
		);
		await session.workbench.screenshot('walkthrough');
		await page
			.locator('.getting-started-step.expanded')
			.getByText('Open Sample Workspace', { exact: true })
			.click();
		await quickInput.choosePath('where shall its folder be made?', `${parent}/`);
		await until('the sample in the window', async () => (await page.title()).includes('dreamos-sample'));
	});

	it('leads on to a swarm that lands changes in it', async () => {
		const { workbench } = session;
		await workbench.openContainer('Dream.OS');
		await workbench.tree('Tasks').untilDrawn(/Ready \[3\][^]*NOTES-1/u);
		await workbench.quickInput.runCommand('Dream.OS: Start Swarm');
		const ids = [1, 2, 3, 4, 5, 6].map((number) => `NOTES-${number}`);
		await untilOnBoard(sample, 'Completed', ids, 80_000);
		assert.match(readFileSync(join(sample, 'src/notes.js'), 'utf8'), /search/u);
	});
});
