// Owns the pictures of README and walkthrough: taken of the packaged product in a real editor, with the sample at work.
//   npm run pictures              all of them, into media/walkthrough/ and docs/pictures/
//   npm run pictures -- --still   without the animated one
// Needs ffmpeg, which is installed where that is allowed.
// Look at what came out before you commit it.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { build, packageExtension } from '../run/packageExtension.mjs';
import { PROJECT_FOLDER } from '../support/project.mjs';
import { startServedEditor } from '../support/servedEditor.mjs';
import { canInstallPackages, findOnPath, installCommand, installPackages } from '../support/systemPackages.mjs';
import { until } from '../support/workbench/until.ts';
import type { ThemeKind } from '../support/workbench/workbench.ts';
import { DRIVEN_SETTINGS, launchBrowser, Workbench } from '../support/workbench/workbench.ts';
import { makeDemoWorkspace } from './demoWorkspace.mjs';

const run = promisify(execFile);
const walkthroughFolder = join(PROJECT_FOLDER, 'media', 'walkthrough');
const readmeFolder = join(PROJECT_FOLDER, 'docs', 'pictures');

const themes: readonly ThemeKind[] = ['dark', 'light'];
/** Small enough that the words can be read beside a step of the walkthrough. */
const size = { width: 1080, height: 660 };
const framesPerSecond = 2;
const seconds = 30;

/** Opens an editor with the sample, shows it, and takes everything away again. */
async function withSample(
	vsix: string,
	settings: Readonly<Record<string, unknown>>,
	show: (workbench: Workbench) => Promise<void>,
): Promise<void> {
	const folder = join(await realpath(await mkdtemp(join(tmpdir(), 'dreamos-pictures-'))), 'notes');
	await mkdir(folder);
	await makeDemoWorkspace(folder);
	const browser = await launchBrowser();
	const editor = await startServedEditor({
		vsix: [vsix],
		settings: { ...DRIVEN_SETTINGS, 'chat.commandCenter.enabled': false, ...settings },
	});
	try {
		const workbench = await Workbench.open(browser, editor, folder);
		await workbench.page.setViewportSize(size);
		await workbench.openContainer('Dream.OS');
		await workbench.tree('Tasks').untilDrawn(/NOTES-1/u);
		await show(workbench);
	} finally {
		await browser.close();
		await editor.stop();
		await rm(join(folder, '..'), { recursive: true, force: true, maxRetries: 5 });
	}
}

async function take(workbench: Workbench, folder: string, name: string): Promise<void> {
	await mkdir(folder, { recursive: true });
	const whole = join(tmpdir(), `dreamos-${name}-whole.png`);
	await workbench.page.screenshot({ path: whole, animations: 'disabled', caret: 'hide' });
	// They travel in the package: a palette of their own makes them a third as large.
	const filter = 'split[a][b];[a]palettegen=max_colors=128[p];[b][p]paletteuse=dither=none';
	await run(await ensureFfmpeg(), [
		'-y',
		'-loglevel',
		'error',
		'-i',
		whole,
		'-vf',
		filter,
		join(folder, `${name}.png`),
	]);
	await rm(whole);
	process.stdout.write(`${name}\n`);
}

/** One picture for each step of the walkthrough. */
async function takeStills(vsix: string, theme: ThemeKind): Promise<void> {
	await withSample(vsix, { 'dreamos.landing.mode': 'review' }, async (workbench) => {
		const { quickInput, messages, editors, page } = workbench;
		await workbench.setTheme(theme);
		const still = (name: string) => take(workbench, walkthroughFolder, `${name}-${theme}`);
		await still('tasks');
		await quickInput.runCommand('Dream.OS: Create Task from One Line…');
		await quickInput.type('Sort notes by age @Agent-3 !high', { accept: false });
		await still('create');
		await quickInput.escape();
		await quickInput.runCommand('Dream.OS: Add Agent…');
		await until('the agents', async () => (await quickInput.items()).length > 5);
		await still('agents');
		await quickInput.escape();
		await quickInput.runCommand('Dream.OS: Start Swarm');
		await workbench.tree('Tasks').untilDrawn(/Working \[[1-9]/u);
		await until('a change to look at', async () => (await workbench.tree('Agents').draw()).includes('review'));
		await messages.dismissToasts();
		await quickInput.runCommand('Dream.OS: Open Dashboard');
		await editors.webviewFrame('main#page .counts');
		await messages.dismissToasts();
		await still('dashboard');
		await quickInput.runCommand('Dream.OS: Review Change');
		await quickInput.pick('Find notes by a word');
		await until('the change', async () => (await page.locator('.multiDiffEntry').count()) > 0);
		await messages.dismissToasts();
		await still('review');
	});
}

/** The half minute in which the sample's six tasks are done. */
async function takeTour(vsix: string): Promise<void> {
	const program = await ensureFfmpeg();
	const frames = await mkdtemp(join(tmpdir(), 'dreamos-frames-'));
	try {
		await withSample(vsix, {}, async (workbench) => {
			await workbench.setTheme('dark');
			await workbench.quickInput.runCommand('Dream.OS: Open Dashboard');
			await workbench.editors.webviewFrame('main#page .counts');
			const story = tell(workbench);
			for (let index = 0; index < seconds * framesPerSecond; index += 1) {
				const due = delay(1000 / framesPerSecond);
				const picture = await workbench.page.screenshot();
				await writeFile(join(frames, `${String(index).padStart(3, '0')}.png`), picture);
				await due;
			}
			await story;
		});
		await mkdir(readmeFolder, { recursive: true });
		const filter =
			'scale=960:-1:flags=lanczos,split[a][b];[a]palettegen=max_colors=96[p];[b][p]paletteuse=dither=none';
		await run(program, [
			...['-y', '-loglevel', 'error', '-framerate', String(framesPerSecond)],
			...['-i', join(frames, '%03d.png'), '-vf', filter, join(readmeFolder, 'tour.gif')],
		]);
		process.stdout.write('tour\n');
	} finally {
		await rm(frames, { recursive: true, force: true });
	}
}

/** What a person does meanwhile. */
async function tell({ quickInput, messages }: Workbench): Promise<void> {
	await quickInput.runCommand('Dream.OS: Start Swarm');
	// The editor has things of its own to say, which lie over what is to be seen.
	for (let second = 0; second < seconds - 5; second += 1) {
		await delay(1_000);
		await messages.dismissToasts();
	}
}

async function ensureFfmpeg(): Promise<string> {
	const found = await findOnPath(['ffmpeg']);
	if (found !== undefined) {
		return found;
	}
	if (!(await canInstallPackages())) {
		throw new Error(`The pictures are made with ffmpeg, which is missing. Install it: ${installCommand('ffmpeg')}`);
	}
	await installPackages(['ffmpeg'], (line) => void process.stdout.write(`${line}\n`));
	return 'ffmpeg';
}

const { values } = parseArgs({ options: { still: { type: 'boolean', default: false } } });
await build();
const vsix = await packageExtension();
for (const theme of themes) {
	await takeStills(vsix, theme);
}
if (!values.still) {
	await takeTour(vsix);
}
