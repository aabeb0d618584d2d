// Checks how a folder on another machine is told from a local one.

import assert from 'node:assert/strict';
import { detectNetworkFolder, mountTypeOf } from '../../../src/ledger/networkFolder.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';

describe('detectNetworkFolder', () => {
	const folders = useTemporaryFolders();

	it('finds nothing wrong with a local folder, nor with one that is not there', async () => {
		assert.equal(await detectNetworkFolder(folders.make()), undefined);
		assert.equal(await detectNetworkFolder('/no/such/folder'), undefined);
	});

	it('knows network shares of Windows by their path', async () => {
		assert.equal(await detectNetworkFolder('\\\\server\\share\\runtime'), 'a network share');
		assert.equal(await detectNetworkFolder('\\\\?\\C:\\work\\runtime'), undefined);
	});

	it('finds the innermost mount of a folder, and the last of several on one point', () => {
		const mounts = [
			'22 1 259:1 / / rw,relatime shared:1 - ext4 /dev/root rw',
			'30 22 0:40 / /home/ann/far rw,nosuid - fuse.sshfs ann@far:/ rw',
			'31 30 0:41 / /home/ann/far/near rw - tmpfs tmpfs rw',
			'32 22 0:42 / /with\\040space rw - fuse.rclone remote: rw',
			'33 22 0:43 / /twice rw - ext4 /dev/a rw',
			'34 22 0:44 / /twice rw - fuse.s3fs s3fs rw',
			'',
		].join('\n');
		assert.equal(mountTypeOf('/home/ann/work', mounts), 'ext4');
		assert.equal(mountTypeOf('/home/ann/far/project/runtime', mounts), 'fuse.sshfs');
		assert.equal(mountTypeOf('/home/ann/far', mounts), 'fuse.sshfs');
		assert.equal(mountTypeOf('/home/ann/farther', mounts), 'ext4');
		assert.equal(mountTypeOf('/home/ann/far/near/x', mounts), 'tmpfs');
		assert.equal(mountTypeOf('/with space/x', mounts), 'fuse.rclone');
		assert.equal(mountTypeOf('/twice/x', mounts), 'fuse.s3fs');
		assert.equal(mountTypeOf('/anything', ''), undefined);
	});
});
