// Owns the proof that a landing through the editor is git's own three-way merge, byte for byte, over the golden corpus: with what was
// changed here saved, and with it unsaved in an editor.

import { strict as assert } from 'node:assert';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Range, Uri, WorkspaceEdit, commands, workspace } from 'vscode';
import { excludedPaths } from '../../src/core/landing/landingPath.ts';
import { planLanding } from '../../src/core/landing/planLanding.ts';
import { renamedSince } from '../../src/core/landing/renamedSince.ts';
import { plainTextOf } from '../../src/editor/landing/textEdits.ts';
import type { TestApi } from '../../src/editor/testApi.ts';
import { createGit } from '../../src/node/git.ts';
import { activateExtension } from '../support/extensionUnderTest.ts';
import type { LandingPair } from '../support/landingPair.ts';
import { landingCorpus } from '../support/landingCorpus.ts';
import type { PreparedPair } from '../support/landingOracle.ts';
import { listTree, preparePair } from '../support/landingOracle.ts';

/** Its files of 50 MB land here too, which takes an editor its time. */
const isLarge = ({ base, agent }: LandingPair) =>
	[base, agent].some((files) =>
		Object.values(files).some((entry) => typeof entry === 'string' && entry.length > 1e6),
	);

/** Texts that are edited here, as an editor holds them; undefined when something else than the text of a file changed here. */
function unsavedTexts({ base, here, lineEndsHere }: LandingPair): readonly (readonly [string, string])[] | undefined {
	const texts = Object.entries(here).map(([name, next]) => {
		const [before, after] = [base[name], next].map((entry) =>
			typeof entry === 'string' ? plainTextOf(new TextEncoder().encode(entry)) : undefined,
		);
		const isEdit = before?.hasMark === after?.hasMark && before?.lineEnd === after?.lineEnd;
		return before === undefined || after === undefined || !isEdit ? undefined : ([name, after.text] as const);
	});
	const known = texts.filter((text) => text !== undefined);
	return lineEndsHere === undefined && texts.length > 0 && known.length === texts.length ? known : undefined;
}

describe('landing through the editor, beside git', function () {
	let api: TestApi;
	let root = '';

	before(async function () {
		if (process.platform === 'win32') {
			this.skip();
		}
		api = await activateExtension();
	});
	beforeEach(() => {
		root = realpathSync(mkdtempSync(path.join(tmpdir(), 'dreamos-corpus-')));
	});
	afterEach(async () => {
		await commands.executeCommand('workbench.action.closeAllEditors');
		rmSync(root, { recursive: true, force: true });
	});

	async function land({ folder, base, result }: PreparedPair) {
		const git = createGit({ workspaceFolder: folder });
		const target = api.landingTarget(folder);
		const plan = await planLanding(git, target, {
			changes: await git.changes(base, result, excludedPaths),
			base,
			result,
			bounds: { workspacePath: '' },
			renamedHere: () => renamedSince(git, base),
		});
		await target.apply(plan.operations, 'Test');
		return plan.conflicts;
	}

	it('has at least 60 pairs', () => {
		assert.ok(landingCorpus.length >= 60, String(landingCorpus.length));
	});

	for (const pair of landingCorpus) {
		it(pair.name, async function () {
			this.timeout(isLarge(pair) ? 180_000 : 30_000);
			const prepared = preparePair(root, pair);
			const before = listTree(prepared.folder);
			const conflicts = await land(prepared);
			assert.equal(conflicts.length > 0 ? 'conflicts' : 'merges', pair.git, JSON.stringify(conflicts));
			assert.deepEqual(listTree(prepared.folder), prepared.merged ?? before);
		});
	}

	for (const pair of landingCorpus.filter((each) => !isLarge(each))) {
		const texts = unsavedTexts(pair);
		if (texts === undefined) {
			continue;
		}
		it(`${pair.name}, unsaved here`, async () => {
			// git is asked about the saved text; then it is unsaved over the base.
			const { merged } = preparePair(root, pair);
			mkdirSync(path.join(root, 'unsaved'));
			const prepared = preparePair(path.join(root, 'unsaved'), { ...pair, here: {} });
			const edit = new WorkspaceEdit();
			for (const [name, text] of texts) {
				const document = await workspace.openTextDocument(Uri.file(path.join(prepared.folder, name)));
				edit.replace(document.uri, new Range(0, 0, document.lineCount, 0), text);
			}
			await workspace.applyEdit(edit);
			const before = listTree(prepared.folder);
			if (pair.name === 'a byte order mark the agent adds') {
				// A text editor cannot take it over without saving: refused, and nothing is lost.
				await assert.rejects(land(prepared), { code: 'landing.failed' });
				assert.deepEqual(listTree(prepared.folder), before);
				return;
			}
			const conflicts = await land(prepared);
			assert.equal(conflicts.length > 0 ? 'conflicts' : 'merges', pair.git, JSON.stringify(conflicts));
			if (merged === undefined) {
				assert.deepEqual(listTree(prepared.folder), before);
			}
			await Promise.all(
				workspace.textDocuments.filter(({ isDirty }) => isDirty).map((document) => document.save()),
			);
			if (merged !== undefined) {
				assert.deepEqual(listTree(prepared.folder), merged);
			}
		});
	}
});
