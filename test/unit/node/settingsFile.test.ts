// Checks reading a workspace's settings without the editor, whatever the file looks like.

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readSettings } from '../../../src/core/settings.ts';
import { nodeFileSystem } from '../../../src/node/nodeFileSystem.ts';
import { readSettingsFile, settingsPath } from '../../../src/node/settingsFile.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { asOrdinaryPerson } from '../../support/ordinaryPerson.ts';

describe('readSettingsFile', () => {
	const folders = useTemporaryFolders();

	function workspaceWith(text: string | Buffer): string {
		const folder = folders.make();
		const path = settingsPath(folder);
		mkdirSync(dirname(path));
		writeFileSync(path, text);
		return folder;
	}
	const read = (text: string | Buffer) => readSettingsFile(nodeFileSystem, workspaceWith(text));

	it('gives the dreamos keys without their prefix, from a file with comments', async () => {
		const { values, problems } = await read(
			'\uFEFF{\r\n// how it lands\r\n"dreamos.landing.mode": "review", "editor.fontSize": 3,\r\n"dreamos.swarm.maxConcurrentRuns": 2,}',
		);
		assert.deepEqual(problems, []);
		assert.deepEqual({ ...values }, { 'landing.mode': 'review', 'swarm.maxConcurrentRuns': 2 });
		assert.equal(readSettings([values]).settings['landing.mode'], 'review');
	});

	it('is empty without a file', async () => {
		assert.deepEqual(await readSettingsFile(nodeFileSystem, folders.make()), { values: {}, problems: [] });
	});

	it('is empty for an empty file', async () => {
		assert.deepEqual(await read(''), { values: {}, problems: [] });
	});

	it('names file, line and column of a fault and keeps what could be read', async () => {
		const { values, problems } = await read('{\n\t"dreamos.landing.mode": "review",\n\t"dreamos.x" 3\n}');
		assert.equal(values['landing.mode'], 'review');
		assert.match(problems[0]?.message ?? '', /settings\.json:3:14: Colon expected/u);
	});

	it('says that a file holds no object', async () => {
		const { values, problems } = await read('[1]');
		assert.deepEqual(values, {});
		assert.match(problems[0]?.message ?? '', /holds no object/u);
	});

	it('says that a file cannot be read', async () => {
		const folder = workspaceWith('{}');
		chmodSync(settingsPath(folder), 0);
		chmodSync(folder, 0o755);
		const { problems } = await asOrdinaryPerson(folder, () => readSettingsFile(nodeFileSystem, folder));
		assert.match(problems[0]?.message ?? '', /settings\.json: reading is not permitted/u);
	});

	it('is not fooled by a key named like a prototype', async () => {
		const { values } = await read(
			'{"dreamos.__proto__": {"a": 1}, "__proto__": {"dreamos.landing.mode": "review"}}',
		);
		assert.equal(values['landing.mode'], undefined);
		assert.equal(({} as Record<string, unknown>)['a'], undefined);
	});
});
