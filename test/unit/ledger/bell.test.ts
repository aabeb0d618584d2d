// Checks that whoever waits for the bell hears it, also when it rang before the waiting began.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Bell } from '../../../src/ledger/bell.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

describe('the bell', () => {
	const folders = useTemporaryFolders();
	const bells: Bell[] = [];
	afterEach(() => bells.splice(0).forEach((bell) => bell.dispose()));

	function hang(): { readonly ears: Bell; readonly hand: Bell } {
		const path = join(folders.make(), 'bell');
		const pair = { ears: new Bell(path), hand: new Bell(path) };
		bells.push(pair.ears, pair.hand);
		pair.ears.listen();
		return pair;
	}

	const longTime = 40_000;
	const isSoon = async (waiting: Promise<void>) => {
		const started = performance.now();
		await waiting;
		return performance.now() - started < longTime / 2;
	};

	it('ends a wait', async () => {
		const { ears, hand } = hang();
		const waiting = isSoon(ears.wait(ears.heard, longTime));
		hand.ring();
		assert.ok(await waiting);
	});

	it('is not missed by who did something else when it rang', async () => {
		const { ears, hand } = hang();
		const { heard } = ears;
		hand.ring();
		await pause(100);
		assert.ok(await isSoon(ears.wait(heard, longTime)));
	});

	it('lets go of who hears nothing, after the time it gave', async () => {
		const { ears } = hang();
		await ears.wait(ears.heard, 5);
	});
});
