// Owns what every UI scenario needs: a fresh workspace folder, an editor with the packaged .vsix, one open window.
// A failed test leaves a picture and the logs under test-results/.
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { startServedEditor } from '../support/servedEditor.mjs';
import type { ServedEditor } from '../support/servedEditor.mjs';
import { DRIVEN_SETTINGS, launchBrowser, Workbench } from '../support/workbench/workbench.ts';

export interface SessionOptions {
	/** Fills the workspace before the window opens; `undefined` opens a window without a folder. */
	readonly prepare: ((folder: string) => Promise<void> | void) | undefined;
	/** What the window opens, below the folder, such as a `.code-workspace` file; the folder itself unless told. */
	readonly opens?: string;
	/** User settings on top of the calm ones. */
	readonly settings?: Readonly<Record<string, unknown>>;
	/** Display language of the editor, such as `de`; English unless told. */
	readonly locale?: string;
	/** Asks for trust as a person's editor does. Off unless told. */
	readonly workspaceTrust?: boolean;
	/** Variables of the extension host, and of what it starts, on top of ours. */
	readonly env?: NodeJS.ProcessEnv;
}

export interface Session {
	/** The open window. */
	readonly workbench: Workbench;
	readonly editor: ServedEditor;
	/** The workspace folder; its real path. */
	readonly folder: string;
	/** Opens a further window on the same folder, or on another one. */
	openWindow(folder?: string): Promise<Workbench>;
}

/** Call inside `describe`: starts before its first test, ends after its last. */
export function useSession(options: SessionOptions): Session {
	let editor: ServedEditor | undefined;
	let browser: Browser | undefined;
	let workbench: Workbench | undefined;
	let folder: string | undefined;

	const session: Session = {
		get workbench() {
			return started(workbench);
		},
		get editor() {
			return started(editor);
		},
		get folder() {
			return started(folder);
		},
		async openWindow(other) {
			return await Workbench.open(started(browser), started(editor), other ?? started(folder));
		},
	};

	before(async () => {
		const vsix = process.env['DREAMOS_VSIX'];
		if (!vsix) {
			throw new Error('DREAMOS_VSIX does not name a package. Run the scenarios with: npm run test:ui');
		}
		folder = await realpath(await mkdtemp(join(tmpdir(), 'dreamos-ui-')));
		await options.prepare?.(folder);
		editor = await startServedEditor({
			vsix: [vsix],
			settings: { ...DRIVEN_SETTINGS, ...options.settings },
			workspaceTrust: options.workspaceTrust ?? false,
			...(options.env === undefined ? {} : { env: options.env }),
			...(options.locale === undefined ? {} : { locale: options.locale }),
		});
		browser = await launchBrowser();
		workbench = await Workbench.open(
			browser,
			editor,
			options.prepare ? join(folder, options.opens ?? '') : undefined,
		);
	});

	afterEach(async function () {
		if (this.currentTest?.state === 'failed' && workbench) {
			const story = await workbench.saveStory(`failed ${this.currentTest.fullTitle()}`);
			process.stderr.write(`See what it looked like:\n${story}\n`);
		}
	});

	after(async () => {
		await browser?.close();
		await editor?.stop();
		if (folder) {
			await rm(folder, { recursive: true, force: true, maxRetries: 5 });
		}
	});

	return session;
}

function started<Value>(value: Value | undefined): Value {
	if (value === undefined) {
		throw new Error('The session has not started: use it inside tests and hooks.');
	}
	return value;
}
