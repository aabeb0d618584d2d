// Owns the proof that a landing by files loses nothing of the person's, whatever happens in the middle of it: the disk fills, a file
// refuses, the process is killed before any single change it makes on the disk.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDreamError } from '../../../src/base/errors.ts';
import type { LandingOperation } from '../../../src/core/landing/landingTarget.ts';
import { excludedPaths } from '../../../src/core/landing/landingPath.ts';
import { planLanding } from '../../../src/core/landing/planLanding.ts';
import { createFileLandingTarget } from '../../../src/node/fileLandingTarget.ts';
import { createGit } from '../../../src/node/git.ts';
import { systemError, watchChanges } from '../../support/failingFiles.ts';
import type { LandingPair } from '../../support/landingPair.ts';
import type { PreparedPair } from '../../support/landingOracle.ts';
import { listTree, preparePair } from '../../support/landingOracle.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

const ten = Array.from({ length: 10 }, (_, index) => `line ${index}\n`).join('');
const agentDid = (text: string) => text.replace('line 1', 'agent 1');
const personDid = (text: string) => text.replace('line 8', 'person 8');

/** Every kind of step, most of them on files with work of a person that is nowhere else. */
const pair: LandingPair = {
	name: 'everything',
	git: 'merges',
	base: {
		edited: ten,
		moved: ten.replaceAll('line', 'row line'),
		gone: 'gone\n',
		'deep/er/gone': 'deep\n',
		becomes: 'a folder\n',
		link: { link: 'edited' },
		kept: ten,
	},
	agent: {
		edited: { run: agentDid(ten) },
		moved: null,
		'new/moved': agentDid(ten.replaceAll('line', 'row line')),
		gone: null,
		'deep/er/gone': null,
		becomes: null,
		'becomes/one': 'one\n',
		link: { link: 'kept' },
		created: 'created\n',
	},
	here: {
		edited: personDid(ten),
		moved: personDid(ten.replaceAll('line', 'row line')),
		kept: personDid(ten),
		mine: 'never committed\n',
	},
};
/** Where what a person has not committed is before and after. */
const personsWork = { edited: 'edited', moved: 'new/moved', kept: 'kept', mine: 'mine' };

/** What a landing that was killed may leave: git knows no empty folders. */
const withoutEmptyFolders = (tree: Record<string, string>) =>
	Object.fromEntries(Object.entries(tree).filter(([, shown]) => shown !== 'an empty folder'));

const needsRoom = ['mkdir', 'mkdtemp', 'open', 'write', 'link', 'symlink', 'copyFile'];

describe('a landing by files that goes wrong', function () {
	this.timeout(240_000);
	const folders = useTemporaryFolders();
	let prepared: PreparedPair;
	let untouched: Record<string, string>;
	let merged: Record<string, string>;
	let operations: readonly LandingOperation[] | undefined;

	before(async function () {
		if (process.platform === 'win32') {
			this.skip();
		}
		prepared = preparePair(folders.make(), pair);
		untouched = listTree(prepared.folder);
		assert.ok(prepared.merged !== undefined);
		merged = { ...prepared.merged };
	});

	/** A copy of the repository as it was before, in which a landing may go wrong. */
	function copy() {
		const root = folders.make();
		const folder = join(root, 'repository');
		cpSync(prepared.folder, folder, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
		return { root, folder, staging: join(root, 'staging') };
	}

	async function plan(folder: string, staging: string) {
		const { base, result } = prepared;
		const git = createGit({ workspaceFolder: folder });
		const target = createFileLandingTarget({ topFolder: folder, stagingFolder: staging });
		const planned = await planLanding(git, target, {
			changes: await git.changes(base, result, excludedPaths),
			base,
			result,
			bounds: { workspacePath: '' },
		});
		assert.deepEqual(planned.conflicts, []);
		return { target, operations: planned.operations };
	}

	/** Lands in a copy while the disk misbehaves; says how it went. */
	async function landWith(onChange: Parameters<typeof watchChanges>[1]) {
		const { root, folder, staging } = copy();
		const target = createFileLandingTarget({ topFolder: folder, stagingFolder: staging });
		operations ??= (await plan(folder, staging)).operations;
		const stop = watchChanges(root, onChange);
		const error: unknown = await target.apply(operations, 'Test').then(
			() => undefined,
			(reason: unknown) => reason,
		);
		stop();
		const tree = listTree(folder);
		const left = existsSync(staging);
		rmSync(root, { recursive: true, force: true });
		return { error, tree, left };
	}

	it('is whole, and merges, when nothing goes wrong', async () => {
		const calls: string[] = [];
		const { error, tree } = await landWith((_count, call) => void calls.push(call));
		assert.equal(error, undefined);
		assert.deepEqual(tree, merged);
		assert.ok(calls.length > 25, 'the faults below would not be in the middle of it');
		assert.deepEqual(
			['mkdtemp', 'open', 'write', 'link', 'symlink', 'rename', 'unlink', 'chmod'].filter(
				(call) => !calls.includes(call),
			),
			[],
			'changes go past what is watched',
		);
	});

	it('leaves everything as it was when the disk fills, at whichever change', async () => {
		let failures = 0;
		for (let from = 1, isThrough = false; !isThrough; from += 1) {
			const { error, tree, left } = await landWith((count, call, [path = '']) => {
				if (count >= from && needsRoom.includes(call)) {
					throw systemError('ENOSPC', path);
				}
			});
			isThrough = error === undefined;
			assert.deepEqual(tree, isThrough ? merged : untouched, `full from change ${from} on`);
			if (!isThrough) {
				failures += 1;
				assert.ok(isDreamError(error, 'landing.failed'), String(error));
				assert.match(error.message, /nothing was changed\. .*full/u);
				assert.equal(left, false, 'nothing is left aside');
			}
		}
		assert.ok(failures > 15, String(failures));
	});

	it('leaves everything as it was when a file or folder refuses to be written', async () => {
		for (const path of [
			'edited',
			'moved',
			'new',
			'gone',
			'deep/er/gone',
			'becomes',
			'becomes/one',
			'link',
			'created',
		]) {
			const { error, tree } = await landWith((_count, _call, paths) => {
				if (paths.some((each) => each.endsWith(`/repository/${path}`))) {
					throw systemError('EACCES', path);
				}
			});
			assert.ok(isDreamError(error, 'landing.failed'), `${path}: ${String(error)}`);
			assert.match(error.message, /nothing was changed/u);
			assert.deepEqual(tree, untouched, path);
		}
	});

	it('loses nothing when it is killed before any change, and ends the same when it is done again', async () => {
		const child = fileURLToPath(new URL('../../support/landing.child.ts', import.meta.url));
		const preload = fileURLToPath(new URL('../../support/killedAt.preload.ts', import.meta.url));
		const killed = async (at: number): Promise<boolean> => {
			const { root, folder, staging } = copy();
			const git = ['HEAD', 'index', 'config'].map((name) => join(folder, '.git', name));
			const own = git.map((path) => readFileSync(path).toString('latin1'));
			const signal = await new Promise((resolve) => {
				execFile(
					process.execPath,
					['--import', preload, child, folder, staging, prepared.base, prepared.result],
					{
						env: {
							...process.env,
							DREAMOS_TEST_KILL_AT: String(at),
							DREAMOS_TEST_KILL_BELOW: root,
						},
					},
					(error) => resolve(error?.signal),
				);
			});
			const tree = listTree(folder);
			for (const [from, to] of Object.entries(personsWork)) {
				const isThere =
					tree[from] === untouched[from] || tree[to] === untouched[from] || tree[to] === merged[to];
				assert.ok(
					isThere,
					`killed before change ${at}: ${from} is ${String(tree[from])}, ${to} is ${String(tree[to])}`,
				);
			}
			const again = await plan(folder, staging);
			await again.target.apply(again.operations, 'Test');
			assert.deepEqual(
				withoutEmptyFolders(listTree(folder)),
				merged,
				`killed before change ${at}, then done again`,
			);
			assert.deepEqual(
				git.map((path) => readFileSync(path).toString('latin1')),
				own,
				'HEAD, index and configuration are the person’s',
			);
			rmSync(root, { recursive: true, force: true });
			return signal === 'SIGKILL';
		};
		let kills = 0;
		for (let at = 1; ; at += 2) {
			// Two at once: starting programs is most of it.
			const both = await Promise.all([killed(at), killed(at + 1)]);
			kills += both.filter(Boolean).length;
			if (both.includes(false)) {
				break;
			}
		}
		assert.ok(kills > 25, `only ${kills} deaths`);
	});
});
