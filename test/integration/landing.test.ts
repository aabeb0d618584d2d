// Owns the proof that changes land through the editor: small edits, one undo a file, unsaved text merged and not overwritten,
// bytes kept, all or nothing.

import { strict as assert } from 'node:assert';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TextDocument } from 'vscode';
import { Position, Uri, WorkspaceEdit, commands, window, workspace } from 'vscode';
import type { LandingOperation, LandingTarget } from '../../src/core/landing/landingTarget.ts';
import { activateExtension, workspaceFolder } from '../support/extensionUnderTest.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('landing through the editor', () => {
	let target: LandingTarget;
	let folder: string;
	let count = 0;

	beforeEach(async () => {
		const api = await activateExtension();
		// A folder for each test: the editor remembers documents of files that are gone.
		count += 1;
		folder = path.join(workspaceFolder(), `landing-${count}`);
		mkdirSync(folder, { recursive: true });
		target = api.landingTarget(folder);
	});
	afterEach(async () => {
		await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
		await commands.executeCommand('workbench.action.closeAllEditors');
		rmSync(folder, { recursive: true, force: true });
	});

	const fileOf = (name: string) => path.join(folder, name);
	const put = (name: string, content: string | Uint8Array) => writeFileSync(fileOf(name), content);
	const textOf = (name: string) => readFileSync(fileOf(name), 'utf8');
	const land = (...operations: LandingOperation[]) => target.apply(operations, 'test');

	async function operation(
		kind: LandingOperation['kind'],
		name: string,
		content?: string | Uint8Array,
		more: Partial<LandingOperation> = {},
	): Promise<LandingOperation> {
		return {
			kind,
			path: name,
			mode: content === undefined ? '' : '100644',
			...(content === undefined ? {} : { content: typeof content === 'string' ? bytes(content) : content }),
			expected: await target.read(more.previousPath ?? name),
			...more,
		};
	}

	async function show(name: string): Promise<TextDocument> {
		const document = await workspace.openTextDocument(Uri.file(fileOf(name)));
		await window.showTextDocument(document);
		return document;
	}

	it('edits and saves a clean file, and one undo takes it back', async () => {
		put('a.txt', 'one\ntwo\nthree\nfour\nfive\n');
		const document = await show('a.txt');
		await land(await operation('edit', 'a.txt', 'ONE\ntwo\nthree\nfour\nFIVE\nsix\n'));
		assert.equal(textOf('a.txt'), 'ONE\ntwo\nthree\nfour\nFIVE\nsix\n');
		assert.equal(document.isDirty, false);
		await commands.executeCommand('undo');
		assert.equal(document.getText(), 'one\ntwo\nthree\nfour\nfive\n');
	});

	it('edits several files, each with an undo of its own', async () => {
		put('a.txt', 'a\n');
		put('b.txt', 'b\n');
		await land(await operation('edit', 'a.txt', 'A\n'), await operation('edit', 'b.txt', 'B\n'));
		assert.deepEqual([textOf('a.txt'), textOf('b.txt')], ['A\n', 'B\n']);
		const document = await show('b.txt');
		await commands.executeCommand('undo');
		assert.equal(document.getText(), 'b\n');
		assert.equal((await workspace.openTextDocument(Uri.file(fileOf('a.txt')))).getText(), 'A\n');
	});

	it('sees unsaved text, puts the change into it, and leaves it unsaved', async () => {
		put('a.txt', 'one\ntwo\nthree\n');
		const document = await show('a.txt');
		const edit = new WorkspaceEdit();
		edit.insert(document.uri, new Position(3, 0), 'mine\n');
		await workspace.applyEdit(edit);
		const seen = await target.read('a.txt');
		assert.ok(seen.kind === 'file' && seen.isDirty);
		assert.equal(new TextDecoder().decode(seen.content), 'one\ntwo\nthree\nmine\n');
		await land(await operation('edit', 'a.txt', 'ONE\ntwo\nthree\nmine\n'));
		assert.equal(document.getText(), 'ONE\ntwo\nthree\nmine\n');
		assert.equal(document.isDirty, true);
		assert.equal(textOf('a.txt'), 'one\ntwo\nthree\n');
		await commands.executeCommand('undo');
		assert.equal(document.getText(), 'one\ntwo\nthree\nmine\n');
	});

	it('leaves what lands unsaved where that is chosen, and takes it back whole when a later file fails', async () => {
		const api = await activateExtension();
		target = api.landingTarget(folder, false);
		put('a.txt', 'one\ntwo\n');
		put('old.txt', 'one\ntwo\nthree\n');
		const document = await show('a.txt');
		await land(
			await operation('edit', 'a.txt', 'ONE\ntwo\n'),
			await operation('rename', 'new.txt', 'one\nTWO\nthree\n', { previousPath: 'old.txt' }),
		);
		assert.deepEqual([document.getText(), document.isDirty, textOf('a.txt')], ['ONE\ntwo\n', true, 'one\ntwo\n']);
		const seen = await target.read('new.txt');
		assert.ok(seen.kind === 'file' && seen.isDirty);
		assert.equal(new TextDecoder().decode(seen.content), 'one\nTWO\nthree\n');
		await document.save();
		await (await show('new.txt')).save();
		put('last.txt', 'last\n');
		const operations = [
			await operation('edit', 'a.txt', 'ONE\nTWO\n'),
			await operation('rename', 'third.txt', 'one\ntwo\nTHREE\n', { previousPath: 'new.txt' }),
			await operation('delete', 'last.txt'),
		];
		const last = await show('last.txt');
		const edit = new WorkspaceEdit();
		edit.insert(last.uri, new Position(0, 0), 'unsaved ');
		await workspace.applyEdit(edit);
		operations[2] = await operation('delete', 'last.txt');
		await assert.rejects(land(...operations), { code: 'landing.failed' });
		assert.deepEqual(
			[textOf('a.txt'), textOf('new.txt'), existsSync(fileOf('third.txt')), document.isDirty],
			['ONE\ntwo\n', 'one\nTWO\nthree\n', false, false],
		);
		assert.equal(last.getText(), 'unsaved last\n');
	});

	it('creates, renames and deletes', async () => {
		put('old.txt', 'one\ntwo\nthree\n');
		put('gone.txt', 'gone\n');
		await land(
			await operation('create', 'deep/er/new.txt', 'new\n'),
			await operation('rename', 'moved/to.txt', 'one\nTWO\nthree\n', { previousPath: 'old.txt' }),
			await operation('delete', 'gone.txt'),
		);
		assert.equal(textOf('deep/er/new.txt'), 'new\n');
		assert.equal(textOf('moved/to.txt'), 'one\nTWO\nthree\n');
		assert.deepEqual(
			['old.txt', 'gone.txt'].map((name) => existsSync(fileOf(name))),
			[false, false],
		);
	});

	it('keeps line ends, the byte order mark and a missing last newline', async () => {
		put('crlf.txt', '\uFEFFone\r\ntwo\r\nthree');
		await land(await operation('edit', 'crlf.txt', '\uFEFFone\r\nTWO\r\nthree'));
		assert.equal(textOf('crlf.txt'), '\uFEFFone\r\nTWO\r\nthree');
		await land(await operation('edit', 'crlf.txt', '\uFEFFone\nTWO\nthree'));
		assert.equal(textOf('crlf.txt'), '\uFEFFone\nTWO\nthree');
		put('mixed.txt', 'one\r\ntwo\nthree\n');
		await land(await operation('edit', 'mixed.txt', 'ONE\r\ntwo\nthree\n'));
		assert.equal(textOf('mixed.txt'), 'ONE\r\ntwo\nthree\n');
	});

	it('writes what is no text, and who may run it', async () => {
		const image = Uint8Array.from({ length: 256 }, (_each, index) => index);
		put('image.bin', Uint8Array.of(0, 1, 2));
		put('tool.sh', '#!/bin/sh\n');
		chmodSync(fileOf('tool.sh'), 0o644);
		await land(
			await operation('edit', 'image.bin', image),
			await operation('create', 'other.bin', image),
			await operation('edit', 'tool.sh', '#!/bin/sh\n', { mode: '100755' }),
		);
		assert.deepEqual([...readFileSync(fileOf('image.bin'))], [...image]);
		assert.deepEqual([...readFileSync(fileOf('other.bin'))], [...image]);
		assert.equal(statSync(fileOf('tool.sh')).mode & 0o111, 0o111);
	});

	it('refuses everything when one file is not what the plan saw', async () => {
		put('a.txt', 'a\n');
		put('b.txt', 'b\n');
		const operations = [await operation('edit', 'a.txt', 'A\n'), await operation('edit', 'b.txt', 'B\n')];
		put('b.txt', 'somebody else\n');
		await assert.rejects(land(...operations), { code: 'landing.changedMeanwhile' });
		assert.deepEqual([textOf('a.txt'), textOf('b.txt')], ['a\n', 'somebody else\n']);
	});

	it('takes back what it did when a later file fails', async () => {
		put('a.txt', 'a\n');
		put('old.txt', 'old\n');
		put('dirty.txt', 'dirty\n');
		const document = await show('dirty.txt');
		const edit = new WorkspaceEdit();
		edit.insert(document.uri, new Position(0, 0), 'unsaved ');
		await workspace.applyEdit(edit);
		await assert.rejects(
			land(
				await operation('edit', 'a.txt', 'A\n'),
				await operation('create', 'new.txt', 'new\n'),
				await operation('rename', 'renamed.txt', 'old\n', { previousPath: 'old.txt' }),
				await operation('delete', 'dirty.txt'),
			),
			{ code: 'landing.failed', message: /unsaved/u },
		);
		assert.deepEqual([textOf('a.txt'), textOf('old.txt'), textOf('dirty.txt')], ['a\n', 'old\n', 'dirty\n']);
		assert.deepEqual(
			['new.txt', 'renamed.txt'].map((name) => existsSync(fileOf(name))),
			[false, false],
		);
		assert.equal(document.getText(), 'unsaved dirty\n');
	});

	it('never leaves the repository', async () => {
		await assert.rejects(async () => target.read('../../etc/passwd'), /outside the repository/u);
	});
});
