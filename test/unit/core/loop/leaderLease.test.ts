// Checks leadership: one at a time, renewed, taken over when it ends, and noticed when it is gone.

import assert from 'node:assert/strict';
import { nullLogger } from '../../../../src/base/log.ts';
import type { Ledger } from '../../../../src/core/ledger.ts';
import { createHostLedger } from '../../../../src/core/loop/hostLedger.ts';
import { LeaderLease } from '../../../../src/core/loop/leaderLease.ts';
import { leaseNames } from '../../../../src/core/swarmFacts.ts';
import { isDreamError } from '../../../../src/base/errors.ts';
import { systemClock } from '../../../../src/node/systemClock.ts';
import { useTemporaryFolders } from '../../../support/temporaryFolder.ts';
import { ann, openTemporaryLedger } from '../../../support/temporaryLedger.ts';

describe('LeaderLease', () => {
	const folders = useTemporaryFolders();
	let ledger: Ledger;
	const leases: LeaderLease[] = [];
	beforeEach(async () => {
		({ ledger } = await openTemporaryLedger(folders.make()));
	});
	afterEach(() => {
		leases.splice(0).forEach((lease) => lease.dispose());
		ledger.dispose();
	});

	const take = async (
		holder: string,
		signal = new AbortController().signal,
		onWait: () => void = () => undefined,
		clock = systemClock,
	) => {
		const actor = { kind: 'host', id: holder } as const;
		const lease = await LeaderLease.take(
			{ ledger, clock, log: nullLogger, actor, holder, data: { pid: 1 } },
			signal,
			onWait,
		);
		leases.push(lease);
		return lease;
	};
	const current = () => ledger.read((reader) => reader.lease(leaseNames.host));
	const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

	it('holds it, renews it, gives it back', async () => {
		const lease = await take('host-a');
		const first = await current();
		assert.deepEqual([first?.holder, first?.data], ['host-a', { pid: 1 }]);
		while (((await current())?.expires_at ?? 0) <= (first?.expires_at ?? 0)) {
			await wait(50);
		}
		await lease.release();
		assert.equal(await current(), undefined);
	});

	it('waits quietly and takes over when the lease runs out', async () => {
		const dead = await take('host-a');
		dead.dispose();
		let told = 0;
		const heir = await take('host-b', undefined, () => {
			told += 1;
		});
		assert.equal(told, 1);
		assert.equal(heir.epoch, dead.epoch + 1);
	});

	it('takes over from a dead one whose lease seems to last for an hour, because the clock was set back since', async () => {
		const dead = await take('host-a');
		dead.dispose();
		const clock = { ...systemClock, now: () => Date.now() - 3_600_000 };
		const heir = await take('host-b', AbortSignal.timeout(60_000), undefined, clock);
		assert.equal(heir.epoch, dead.epoch + 1);
	});

	it('does not wait for a holder that is gone for certain', async () => {
		const dead = await take('host-a');
		dead.dispose();
		const actor = { kind: 'host', id: 'host-b' } as const;
		const asked: string[] = [];
		const heir = await LeaderLease.take(
			{
				ledger,
				clock: systemClock,
				log: nullLogger,
				actor,
				holder: 'host-b',
				data: {},
				isGone: async ({ holder }) => {
					asked.push(holder);
					return true;
				},
			},
			new AbortController().signal,
			() => assert.fail('nobody to wait for'),
		);
		leases.push(heir);
		assert.deepEqual([asked, heir.epoch], [['host-a'], dead.epoch + 1]);
	});

	it('gives up waiting when told to', async () => {
		await take('host-a');
		const controller = new AbortController();
		const waiting = take('host-b', controller.signal);
		controller.abort(new Error('not needed any more'));
		await assert.rejects(waiting, /not needed any more/u);
	});

	it('notices that somebody else leads, and its writes are refused from the first moment on', async () => {
		const lease = await take('host-a');
		const actor = { kind: 'host', id: 'host-a' } as const;
		const signal = new AbortController().signal;
		const own = createHostLedger({ ledger, actor, hostId: 'host-a', epoch: lease.epoch, log: nullLogger, signal });
		await own.write((transaction) => transaction.setFact('x', 1));
		const lost = new Promise<string>((resolve) => lease.onDidLose(resolve));
		await ledger.write(ann, async (transaction) => {
			await transaction.releaseLease(leaseNames.host, 'host-a');
			await transaction.acquireLease(leaseNames.host, 'host-b', 60_000, systemClock.now());
		});
		await assert.rejects(
			own.write((transaction) => transaction.setFact('x', 2)),
			(error: unknown) => isDreamError(error, 'host.fenced'),
		);
		assert.equal(await ledger.read((reader) => reader.fact('x')), 1);
		assert.equal(await lost, 'another host leads');
	});

	it('goes on after a sleep in which nobody took over', async () => {
		const lease = await take('host-a');
		let lost = false;
		lease.onDidLose(() => {
			lost = true;
		});
		await ledger.write(ann, (transaction) =>
			transaction.acquireLease(leaseNames.host, 'host-a', -60_000, systemClock.now()),
		);
		await wait(1300);
		assert.equal(lost, false);
		const renewed = await current();
		assert.deepEqual([renewed?.holder, renewed?.epoch], ['host-a', lease.epoch]);
		assert.ok((renewed?.expires_at ?? 0) > systemClock.now());
	});
});
