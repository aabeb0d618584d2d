// Checks chokidar behind the Watcher port: the contract on both backends, SQLite, limits of the system.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createChokidarWatcher } from '../../../src/node/chokidarWatcher.ts';
import { watcherContract } from '../../contract/portsContractWatcher.ts';
import { until } from '../../support/livingProcesses.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

const ignoreErrors = () => undefined;
const watcherFile = new URL('../../../src/node/chokidarWatcher.ts', import.meta.url).href;

watcherContract('chokidarWatcher', () => createChokidarWatcher({ onError: ignoreErrors }));
watcherContract('chokidarWatcher for network drives', () =>
	createChokidarWatcher({ onError: ignoreErrors, pollingMilliseconds: 30 }),
);

describe('chokidarWatcher', function () {
	const folders = useTemporaryFolders();

	it('sees a write that leaves size and stamp as they were, soon after one that did not', async () => {
		const file = join(folders.make(), 'file');
		// The same stamp stands for the same tick of a coarse clock.
		const write = (text: string) => {
			writeFileSync(file, text);
			utimesSync(file, 1_700_000_000, 1_700_000_000);
		};
		write('a');
		let seen = '';
		let isArmed = false;
		const watch = createChokidarWatcher({ onError: ignoreErrors }).watch([file], () => {
			seen = readFileSync(file, 'utf8');
			if (isArmed) {
				isArmed = false;
				write('c');
			}
		});
		await until(() => seen === 'a', 'the watch to stand');
		await delay(100);
		writeFileSync(file, 'longer');
		await until(() => seen === 'longer', 'the first change');
		await delay(100);
		isArmed = true;
		write('b');
		await until(() => seen === 'c', 'the second write to be seen');
		watch.dispose();
	});

	it('tells of commits in another SQLite connection by the -wal file, also after a checkpoint', async () => {
		const folder = folders.make();
		const { DatabaseSync } = await import('node:sqlite');
		const database = new DatabaseSync(join(folder, 'x.db'));
		database.exec('pragma journal_mode = wal; create table t (a)');
		const wal = join(folder, 'x.db-wal');
		let calls = 0;
		const watch = createChokidarWatcher({ onError: ignoreErrors }).watch([wal], () => (calls += 1));
		await until(() => calls > 0, 'the watch to stand');
		for (let count = 0; count < 6; count++) {
			await delay(80);
			if (count === 3) {
				database.exec('pragma wal_checkpoint(truncate)');
				await delay(80);
			}
			const before = calls;
			database.exec('insert into t values (1)');
			await until(() => calls > before, `commit ${count}`);
		}
		watch.dispose();
		database.close();
	});

	it('does not enter ignored folders, but watches one that was asked for', async () => {
		const folder = folders.make();
		mkdirSync(join(folder, 'node_modules'));
		mkdirSync(join(folder, '.git'));
		const calls: string[] = [];
		const watcher = createChokidarWatcher({ onError: ignoreErrors });
		const watches = [
			watcher.watch([folder], (path) => calls.push(path)),
			watcher.watch([join(folder, '.git')], (path) => calls.push(path)),
		];
		await until(() => calls.length >= 2, 'both watches to stand');
		await delay(80);
		calls.length = 0;
		writeFileSync(join(folder, 'node_modules', 'x'), '');
		writeFileSync(join(folder, '.board.json.0123456789.tmp'), '');
		writeFileSync(join(folder, '.git', 'HEAD'), '');
		await delay(200);
		assert.deepEqual([...new Set(calls)], [join(folder, '.git', 'HEAD')]);
		watches.forEach((watch) => watch.dispose());
	});

	it('does not keep a process alive', () => {
		const folder = folders.make();
		const code = `import { createChokidarWatcher } from '${watcherFile}';
			for (const more of [{}, { pollingMilliseconds: 50 }]) {
				createChokidarWatcher({ onError: console.error, ...more }).watch([${JSON.stringify(folder)}], () => {});
			}
			await new Promise((resolve) => setTimeout(resolve, 200));
			console.log('end');`;
		const result = spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', code], {
			encoding: 'utf8',
			timeout: 50_000,
		});
		assert.deepEqual([result.signal, result.stdout, result.stderr], [null, 'end\n', '']);
	});

	it('reports what it cannot watch and goes on', function () {
		const code = `import { createChokidarWatcher } from '${watcherFile}';
			import { mkdtempSync, mkdirSync } from 'node:fs';
			console.log('start');
			const folder = mkdtempSync('/tmp/dreamos-watch-');
			for (let i = 0; i < 20; i++) mkdirSync(folder + '/' + i);
			createChokidarWatcher({ onError: (message) => console.log(message) }).watch([folder], () => {});
			await new Promise((resolve) => setTimeout(resolve, 400));
			console.log('end');
			(await import('node:fs')).rmSync(folder, { recursive: true });`;
		// A user namespace has limits of its own, so that the machine's stay as they are.
		const limit = 'echo 3 > /proc/sys/user/max_inotify_watches || exit 99; exec "$@"';
		const result = spawnSync(
			'sh',
			[
				'-c',
				'unshare -U -r sh -c "$0" sh "$@"',
				limit,
				process.execPath,
				'--no-warnings',
				'--input-type=module',
				'-e',
				code,
			],
			{ encoding: 'utf8', timeout: 5_000 },
		);
		if (!result.stdout.startsWith('start')) {
			this.skip();
		}
		assert.match(result.stdout, /allows no more file watchers.*max_user_watches/u);
		assert.match(result.stdout, /end\n$/u);
		assert.equal(result.status, 0, result.stderr);
	});
});
