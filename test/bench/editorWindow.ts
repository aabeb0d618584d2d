// Owns a window of the packed extension in a served VS Code, for what can only be measured where a person sees it.

import type { ServedEditor } from '../support/servedEditor.mjs';
import { startServedEditor } from '../support/servedEditor.mjs';
import { until } from '../support/workbench/until.ts';
import { DRIVEN_SETTINGS, launchBrowser, Workbench } from '../support/workbench/workbench.ts';
import type { BenchContext } from './benchmark.ts';

export interface EditorWindow {
	readonly editor: ServedEditor;
	readonly workbench: Workbench;
	/** A second window of the same editor on the same folder. */
	readonly openAnother: () => Promise<Workbench>;
	/** Ends editor and browser before the benchmark does. */
	readonly close: () => Promise<void>;
}

const patienceMilliseconds = 60_000;
const effectMilliseconds = 10_000;

/** Installs the package as a person does, beside it folders of other extensions, and opens the folder; all ends with the benchmark. */
export async function openEditorWindow(
	{ product, onEnd, say }: BenchContext,
	folder: string,
	extensions: string[] = [],
): Promise<EditorWindow> {
	const { pack } = await product();
	const editor = await startServedEditor({ vsix: [await pack()], extensions, settings: DRIVEN_SETTINGS, say });
	let isOver = false;
	const stop = async () => {
		if (!isOver) {
			isOver = true;
			await editor.stop();
		}
	};
	onEnd(stop);
	const browser = await launchBrowser();
	onEnd(() => browser.close());
	return {
		editor,
		workbench: await Workbench.open(browser, editor, folder),
		openAnother: () => Workbench.open(browser, editor, folder),
		async close() {
			await browser.close();
			await stop();
		},
	};
}

/** Runs commands of the palette until they did what they should: a window just loaded moves the focus and closes the palette. */
export async function runCommands(
	{ quickInput }: Workbench,
	titles: readonly string[],
	hasWorked: () => Promise<boolean>,
): Promise<void> {
	const what = `${titles.join(', ')} to work`;
	await until(
		what,
		async () => {
			for (const title of titles) {
				await quickInput.runCommand(title);
			}
			return until(what, hasWorked, undefined, effectMilliseconds);
		},
		undefined,
		patienceMilliseconds,
	);
}
